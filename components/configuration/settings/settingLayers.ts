import { suggestion } from "../checking/closestKey.ts";
import { configurationPath, removeCommand, setCommand, setSecretCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import { isMap } from "../checking/rawValue.ts";
import { parseConfigTxt } from "./configTxt.ts";
import {
    DALLINGER_KEYS,
    type DallingerKey,
    decidedByDeployment,
    findDallingerKey,
    findFoldedDallingerKey,
    isSensitive,
    type ParameterType,
    type Reader,
    type SettingType,
    wrongOwnKey,
} from "./dallingerKeys.ts";

/** Where a setting stands; each overrides the ones before it. */
type Layer = "config.txt" | "settings" | "secrets";

/** A key with its value as one layer has them. */
interface SettingEntry {
    readonly layer: Layer;
    readonly key: string;
    readonly value: unknown;
    /** Path for problems. */
    readonly path: string;
}

/** The entries of a config.txt at a path. */
function configTxtEntries(path: string, values: ReadonlyMap<string, string>): SettingEntry[] {
    return [...values].map(([key, value]) => ({ layer: "config.txt", key, value, path: `${path}: ${key}` }));
}

/**
 * What counts on the machine of who works on the experiment, in the place of config.txt: `live` and `prolific` often stand there, and
 * a study that costs money must not begin from a laptop.
 */
const LOCAL_ENTRIES: readonly SettingEntry[] = [
    { layer: "config.txt", key: "mode", value: "debug", path: "mode" },
    { layer: "config.txt", key: "recruiter", value: "hotair", path: "recruiter" },
];

/** The keys by which an experiment recruits. */
const RECRUITING: readonly string[] = ["mode", "recruiter", "recruiters", "debug_recruiter"];

/** The entries of a block; none when it is no map. */
function blockEntries(block: "settings" | "secrets", raw: unknown): SettingEntry[] {
    if (!isMap(raw)) return [];
    const entries = Object.entries(raw);
    return entries.map(([key, value]) => ({ layer: block, key, value, path: configurationPath(block, key) }));
}

/** Dallinger's key that an entry is about; nothing for one of the experiment's own. */
function keyOf({ layer, key }: Pick<SettingEntry, "layer" | "key">): DallingerKey | undefined {
    return layer === "config.txt" ? findFoldedDallingerKey(key) : findDallingerKey(key);
}

/**
 * Whether an entry does not matter here. config.txt serves every way to run an experiment, and what it says for another one,
 * such as `host` for a developer's machine, is no mistake. Volumes would be: without them data is lost.
 */
function isIgnored(entry: SettingEntry): boolean {
    if (entry.layer !== "config.txt") return false;
    const found = keyOf(entry);
    const name = found?.name ?? entry.key;
    if (name === "docker_volumes") return String(entry.value).trim() === "";
    return decidedByDeployment(name) !== undefined || (found?.reader === "elsewhere" && !isSensitive(name));
}

function recruits(entry: SettingEntry): boolean {
    return RECRUITING.includes(keyOf(entry)?.name ?? entry.key);
}

/** A setting as it stands in one layer, before its value is looked at. */
export interface LayeredSetting {
    /** Dallinger's name for it, or the experiment's own. */
    readonly name: string;
    readonly type: SettingType;
    readonly reader: Reader;
    /** Name in the containers' environment. */
    readonly environment: string;
    readonly layer: Layer;
    readonly value: unknown;
    /** Path for problems. */
    readonly path: string;
    /** Path in the stack's configuration that sets it; for config.txt's, the one that overrides it. */
    readonly override: string;
}

/** What the settings are made of. */
export interface SettingSources {
    readonly settings: unknown;
    readonly secrets: unknown;
    /** Text of the experiment's config.txt, and its path for problems. */
    readonly configTxt?: { readonly path: string; readonly text: string } | undefined;
    /** The experiment's own keys. */
    readonly parameters: ReadonlyMap<string, ParameterType>;
    /** Whether it runs on the machine of who works on it. Defaults to false. */
    readonly isLocal?: boolean;
    /** Whether bots can take part there. Defaults to false. */
    readonly hasBrowser?: boolean;
}

/** The settings of all layers, lowest first, without those that are refused by their name. */
export interface SettingLayers {
    readonly settings: readonly LayeredSetting[];
    /** Names of all that were given, also of those that are refused. */
    readonly given: ReadonlySet<string>;
    readonly problems: readonly Problem[];
}

/** Collects the settings of all layers; those that cannot be set are problems. */
export function readSettingLayers(sources: SettingSources): SettingLayers {
    const { settings, secrets, configTxt, parameters, isLocal = false } = sources;
    const file = parseConfigTxt(configTxt?.text ?? "");
    const path = configTxt?.path ?? "config.txt";
    const own = ownKeys(file.values.keys(), parameters);
    const inFile = configTxtEntries(path, file.values);
    const entries = [
        ...(isLocal ? [...inFile.filter((entry) => !recruits(entry)), ...LOCAL_ENTRIES] : inFile),
        ...blockEntries("settings", settings),
        ...blockEntries("secrets", secrets),
    ];
    const refused = new Map(entries.map((entry) => [entry, nameProblem(entry, own)]));
    const problems = [
        ...file.problems.map(({ where, message }) => ({ path: `${path}: ${where}`, message })),
        ...blockProblems({ settings, secrets }),
        ...synonymProblems(entries),
        ...[...refused.values()].filter((problem) => problem !== undefined),
    ];
    const kept = entries.filter((entry) => refused.get(entry) === undefined && !isIgnored(entry));
    return {
        settings: kept.map((entry) => layered(entry, own)),
        given: new Set(entries.map((entry) => keyOf(entry)?.name ?? entry.key)),
        problems,
    };
}

/** What stands in config.txt and is not Dallinger's, the experiment registers itself: as a text, for all that is known. */
function ownKeys(inConfigTxt: Iterable<string>, parameters: SettingSources["parameters"]): OwnKeys {
    const own = [...inConfigTxt].filter((key) => findFoldedDallingerKey(key) === undefined);
    return new Map<string, ParameterType>([...own.map((key) => [key, "str"] as const), ...parameters]);
}

function blockProblems(blocks: { settings: unknown; secrets: unknown }): Problem[] {
    return (["settings", "secrets"] as const)
        .filter((block) => blocks[block] !== undefined && blocks[block] !== null && !isMap(blocks[block]))
        .map((block) => configurationPath(block))
        .map((path) => ({ path, message: "must be a map of keys and values", fix: removeCommand(path) }));
}

function layered(entry: SettingEntry, own: OwnKeys): LayeredSetting {
    const { layer, key, value, path } = entry;
    const found = keyOf(entry);
    const name = found?.name ?? key;
    return {
        name,
        type: found?.type ?? own.get(key) ?? "str",
        reader: found?.reader ?? "app",
        environment: found?.environment ?? key,
        layer,
        value,
        path,
        override: layer === "config.txt" ? configurationPath(isSensitive(name) ? "secrets" : "settings", name) : path,
    };
}

/** The experiment's own keys with their types: those of config.txt and those of `experiment.parameters`. */
type OwnKeys = ReadonlyMap<string, ParameterType>;

/** What is wrong with the name of an entry: nobody may set it here, it is sensitive, or it is unknown. */
function nameProblem(entry: SettingEntry, own: OwnKeys): Problem | undefined {
    if (isIgnored(entry)) return undefined;
    const { layer, key, path } = entry;
    const found = keyOf(entry);
    const decided = decidedByDeployment(key) ?? decidedByDeployment(found?.name ?? key);
    if (decided !== undefined) return { path, message: decided, ...removal(entry) };
    if (layer !== "secrets" && isSensitive(key)) return sensitiveProblem(entry, found?.name ?? key);
    if (found !== undefined) return undefined;
    if (!own.has(key)) return unknownProblem(entry, own);
    const wrong = layer === "config.txt" ? wrongOwnKey(key) : undefined;
    return wrong === undefined ? undefined : { path, message: wrong };
}

/** Two names of one key in one layer: which of them counts would be a matter of order. */
function synonymProblems(entries: readonly SettingEntry[]): Problem[] {
    const seen = new Map<string, string>();
    return entries.flatMap((entry) => {
        const name = `${entry.layer} ${keyOf(entry)?.name ?? entry.key}`;
        const first = seen.get(name);
        seen.set(name, first ?? entry.key);
        if (first === undefined) return [];
        return [{ path: entry.path, message: `means the same as ${first}; keep one`, ...removal(entry) }];
    });
}

function sensitiveProblem(entry: SettingEntry, name: string): Problem {
    const { layer, path } = entry;
    const steps = [setSecretCommand(configurationPath("secrets", name))];
    // config.txt no longer makes the key known once it is out of it.
    if (keyOf(entry) === undefined) steps.push(declareCommand(name));
    if (layer === "config.txt") {
        const message = "is sensitive by its name: a file that is kept with the code cannot hold it";
        return { path, message, fix: [...steps, "and take it out of config.txt"].join("\n") };
    }
    const message = "is sensitive by its name: it belongs to the secrets";
    return { path, message, fix: [...steps, removeCommand(path)].join("\n") };
}

function unknownProblem(entry: SettingEntry, own: OwnKeys): Problem {
    const settable = DALLINGER_KEYS.filter(({ reader }) => reader !== "deployment").map(({ name }) => name);
    const hint = suggestion(entry.key, [...settable, ...own.keys()]);
    return {
        path: entry.path,
        message: `is not a setting of Dallinger's, of config.txt or of experiment.parameters${hint}`,
        fix: `${removeCommand(entry.path)}\nor, if it is the experiment's own: ${declareCommand(entry.key)}`,
    };
}

function declareCommand(key: string): string {
    return setCommand(configurationPath("experiment", "parameters", key), "str");
}

function removal({ layer, path }: SettingEntry): { fix?: string } {
    return layer === "config.txt" ? {} : { fix: removeCommand(path) };
}
