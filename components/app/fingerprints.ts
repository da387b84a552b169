import { createHmac } from "node:crypto";
import { markMisread } from "./misreadTexts.ts";

/**
 * A secret's name with a value that changes when the secret does and tells nothing about it: a preview shows by it which
 * secret changed. The key is random, or a short secret could be found by trying.
 */
export function fingerprints(secrets: Readonly<Record<string, string>>, key: string): Readonly<Record<string, string>> {
    const entries = Object.entries(secrets).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, value]) => [name, fingerprint(name, value, key)]));
}

function fingerprint(name: string, value: string, key: string): string {
    return createHmac("sha256", key)
        .update(`${name}\0${markMisread(name, value)}`)
        .digest("hex")
        .slice(0, 16);
}
