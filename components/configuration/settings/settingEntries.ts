import { configurationPath } from "../checking/configurationPath.ts";
import { type DallingerKey, findDallingerKey, findFoldedDallingerKey } from "./dallingerKeys.ts";
import { decidedByDeployment } from "./deploymentKeys.ts";
import { isSensitive } from "./sensitiveNames.ts";

/** Where a setting stands; each overrides the ones before it. */
export type Layer = "config.txt" | "settings" | "secrets";

/** A key with its value as one layer has them. */
export interface SettingEntry {
    readonly layer: Layer;
    readonly key: string;
    readonly value: unknown;
    /** Path for problems. */
    readonly path: string;
}

/** The entries of a config.txt at a path. */
export function configTxtEntries(path: string, values: ReadonlyMap<string, string>): SettingEntry[] {
    return [...values].map(([key, value]) => ({ layer: "config.txt", key, value, path: `${path}: ${key}` }));
}

/** The entries of a block; none when it is no map. */
export function blockEntries(block: "settings" | "secrets", raw: unknown): SettingEntry[] {
    if (!isMap(raw)) return [];
    const entries = Object.entries(raw);
    return entries.map(([key, value]) => ({ layer: block, key, value, path: configurationPath(block, key) }));
}

/** Whether the value is a map, as a block has to be. */
export function isMap(raw: unknown): raw is object {
    return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

/** Dallinger's key that an entry is about; nothing for one of the experiment's own. */
export function keyOf({ layer, key }: Pick<SettingEntry, "layer" | "key">): DallingerKey | undefined {
    return layer === "config.txt" ? findFoldedDallingerKey(key) : findDallingerKey(key);
}

/**
 * Whether an entry does not matter here. config.txt serves every way to run an experiment, and what it says for another one,
 * such as `host` for a developer's machine, is no mistake. Volumes would be: without them data is lost.
 */
export function isIgnored(entry: SettingEntry): boolean {
    if (entry.layer !== "config.txt") return false;
    const found = keyOf(entry);
    const name = found?.name ?? entry.key;
    if (name === "docker_volumes") return String(entry.value).trim() === "";
    return decidedByDeployment(name) !== undefined || (found?.reader === "elsewhere" && !isSensitive(name));
}
