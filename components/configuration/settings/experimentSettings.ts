import type { Problem } from "../checking/problems.ts";
import type { ReadFile } from "../checking/readFile.ts";
import { type CastSetting, castSetting } from "./castSetting.ts";
import { type LayeredSetting, readSettingLayers, type SettingSources } from "./settingLayers.ts";
import { checkSettingRules } from "./settingRules.ts";

/** The settings of an experiment: config.txt, overridden by the stack's. */
export interface ExperimentSettings {
    /** What the containers are given: only keys that a deployed app reads, never one that is unset. Sorted. */
    readonly environment: Readonly<Record<string, string>>;
    /** The same for what stands among the secrets. */
    readonly secretEnvironment: Readonly<Record<string, string>>;
    /** Number of workers, at least 1: `num_dynos_worker`. */
    readonly workers: number;
    /** Whether the clock runs: `clock_on`. */
    readonly clock: boolean;
}

/** Settings that hold, and what is wrong with the others. */
export interface CheckedSettings {
    readonly settings?: ExperimentSettings;
    readonly problems: readonly Problem[];
    /** What may be meant so, and is more often a slip. */
    readonly warnings: readonly Problem[];
}

/** Layers, casts and checks the settings; `readFile` gives the experiment's files that `file:` values name. */
export function checkSettings(sources: SettingSources, readFile: ReadFile): CheckedSettings {
    const layers = readSettingLayers(sources);
    const problems = [...layers.problems];
    const winners = new Map<string, CastSetting>();
    for (const setting of layers.settings) {
        const checked = castSetting(setting, readFile);
        if ("message" in checked) problems.push(checked);
        else winners.set(setting.name, checked);
    }
    const rules = checkSettingRules(winners, layers.given, sources);
    problems.push(...rules.problems);
    const { warnings } = rules;
    return problems.length > 0 ? { problems, warnings } : { settings: assemble(winners), problems, warnings };
}

function assemble(winners: ReadonlyMap<string, CastSetting>): ExperimentSettings {
    const sent = [...winners.values()].filter(({ reader }) => reader === "app");
    const variables = (settings: readonly CastSetting[]) => {
        const entries = settings.map(({ environment, text }) => [environment, text] as const);
        return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    };
    const workers = winners.get("num_dynos_worker")?.cast;
    return {
        environment: variables(sent.filter(isPlain)),
        secretEnvironment: variables(sent.filter((setting) => !isPlain(setting))),
        workers: typeof workers === "number" ? workers : 1,
        clock: winners.get("clock_on")?.cast === true,
    };
}

function isPlain({ layer }: LayeredSetting): boolean {
    return layer !== "secrets";
}
