import { stringify } from "yaml";

/** What JSON leaves as it is, and YAML does not allow or may fold into a line's end. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * Renders a compose file in which every text means itself. The same document gives the same bytes: the text is a resource input.
 *
 * Compose reads YAML 1.1, where `1_000`, `0b101` and `2026-03-01` are numbers and a date unless they are quoted, so each name and
 * text is; numbers and booleans of the document stay what they are. `$` is doubled, or compose would put its own variables there.
 */
export function renderComposeFile(document: object): string {
    const text = stringify(doubleDollars(document), {
        aliasDuplicateObjects: false,
        lineWidth: 0,
        defaultKeyType: "QUOTE_DOUBLE",
        defaultStringType: "QUOTE_DOUBLE",
        doubleQuotedAsJSON: true,
    });
    return text.replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function doubleDollars(value: unknown): unknown {
    if (typeof value === "string") return value.replaceAll("$", "$$$$");
    if (Array.isArray(value)) return value.map(doubleDollars);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, doubleDollars(inner)]));
}

/** Rotated logs: json-file keeps everything otherwise, and full disks are the commonest failure of servers like these. */
export const logging = { driver: "json-file", options: { "max-size": "10m", "max-file": "5" } };
