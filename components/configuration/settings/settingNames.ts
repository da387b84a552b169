import { suggestion } from "../checking/closestKey.ts";
import { configurationPath, removeCommand, setCommand, setSecretCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import type { ParameterType } from "../experiment/experimentConfiguration.ts";
import { DALLINGER_KEYS } from "./dallingerKeys.ts";
import { decidedByDeployment } from "./deploymentKeys.ts";
import { wrongOwnKey } from "./ownKeys.ts";
import { isSensitive } from "./sensitiveNames.ts";
import { isIgnored, keyOf, type SettingEntry } from "./settingEntries.ts";

/** The experiment's own keys with their types: those of config.txt and those of `experiment.parameters`. */
export type OwnKeys = ReadonlyMap<string, ParameterType>;

/** What is wrong with the name of an entry: nobody may set it here, it is sensitive, or it is unknown. */
export function nameProblem(entry: SettingEntry, own: OwnKeys): Problem | undefined {
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
export function synonymProblems(entries: readonly SettingEntry[]): Problem[] {
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
