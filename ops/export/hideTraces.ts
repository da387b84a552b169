import { isIPv4, isIPv6 } from "node:net";

/**
 * As browsers call themselves (RFC 9110, 10.1.5): products and comments, one behind the other, and what those within other programs add,
 * `[FBAN/…]` and `Instagram 142.0.0.22 Android (…)`.
 */
const BROWSER = new RegExp(
    [
        String.raw`\b(?:Mozilla|Opera|Dalvik)\/\d[\w.]*(?:`,
        String.raw`\s*\((?:[^()]|\([^()]*\))*\)|\s*\[[\w-]+\/[^\][]*\]`,
        String.raw`|\s+[\w.-]+\/[\w.+-]+|\s+\w+ \d+(?:\.\d+){2,}|\s+(?:Mobile|Android)\b)*`,
    ].join(""),
    "g",
);
const EMAIL = /[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g;
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g;
const IPV6 = /(?<![\w:.])[\dA-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])/g;

/** A text without network addresses, e-mail addresses and what browsers say of themselves. */
export function hideTraces(text: string): string {
    const unnamed = text.replaceAll(BROWSER, "[browser]");
    // A recording in letters has many that could begin one, and no @.
    return (unnamed.includes("@") ? unnamed.replaceAll(EMAIL, "[e-mail]") : unnamed)
        .replaceAll(IPV4, (found) => (isIPv4(found) ? "[address]" : found))
        .replaceAll(IPV6, (found) => (isIPv6(found) && found !== "::" ? "[address]" : found));
}
