import { configurationPath, removeCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import type { ParameterType } from "../experiment/experimentConfiguration.ts";
import { parseConfigTxt } from "./configTxt.ts";
import { findFoldedDallingerKey, type Reader, type SettingType } from "./dallingerKeys.ts";
import { isSensitive } from "./sensitiveNames.ts";
import {
    blockEntries,
    configTxtEntries,
    isIgnored,
    isMap,
    keyOf,
    type Layer,
    type SettingEntry,
} from "./settingEntries.ts";
import { nameProblem, type OwnKeys, synonymProblems } from "./settingNames.ts";

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
}

/** The settings of all layers, lowest first, without those that are refused by their name. */
export interface SettingLayers {
    readonly settings: readonly LayeredSetting[];
    /** Names of all that were given, also of those that are refused. */
    readonly given: ReadonlySet<string>;
    readonly problems: readonly Problem[];
}

/** Collects the settings of all layers; those that cannot be set are problems. */
export function readSettingLayers({ settings, secrets, configTxt, parameters }: SettingSources): SettingLayers {
    const file = parseConfigTxt(configTxt?.text ?? "");
    const path = configTxt?.path ?? "config.txt";
    const own = ownKeys(file.values.keys(), parameters);
    const entries = [
        ...configTxtEntries(path, file.values),
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
