import { createHash } from "node:crypto";
import { markMisread } from "./misreadTexts.ts";

/** Hash of what a container is made from, as a preview shows it: 12 hexadecimal digits, the same in whatever order keys are written. */
export function containerHash(value: unknown): string {
    return createHash("sha256")
        .update(JSON.stringify(sorted(value), markMisread))
        .digest("hex")
        .slice(0, 12);
}

function sorted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
