import { isIPv4, isIPv6 } from "node:net";

/** A comment of a browser's, in which another can be; the last one may have been cut off. */
const COMMENT = String.raw`\((?:[^()]{0,1000}(?:\([^()]{0,500}\)[^()]{0,500}){0,5}\)|[^()]{0,1000}$)`;

/** Products by which a browser is known also where the rest of it is missing. */
const PRODUCT = String.raw`\b(?:Mozilla|Opera|Dalvik|AppleWebKit|Gecko|Trident|Chrome|CriOS|Firefox|FxiOS|Safari|Edg|OPR)\/\d[\w.]*`;

/** `navigator.appVersion`: what stands behind `Mozilla/`. */
const VERSION = String.raw`\b\d\.\d(?= ?\([^()]{0,1000}\) ?(?:AppleWebKit|Gecko|Trident|like Gecko))`;

/**
 * As browsers call themselves (RFC 9110, 10.1.5): products and comments, one behind the other, and what those within other programs add,
 * `[FBAN/…]`, `musical_ly_28.1.0`, `Channel/App Store` and `Instagram 142.0.0.22 Android (…)`.
 */
const BROWSER = new RegExp(
    [
        `(?:${PRODUCT}|${VERSION})(?:`,
        String.raw`\s{0,9}${COMMENT}|\s{0,9}\[[\w-]{1,99}(?:\/[^\][]{0,1000})?\](?:\/[\w.]{0,99})?`,
        String.raw`|\s{1,9}(?:\w{1,99} )?[\w.-]{1,99}\/[\w.+-]{1,99}|\s{1,9}\w{1,99}_\d+(?:\.\d+)+|\s{1,9}\w{1,99} \d+(?:\.\d+){2,9}`,
        String.raw`|\s{1,9}(?:Mobile|Android|like Gecko)\b){0,60}`,
    ].join(""),
    "g",
);

/** The same in an address (RFC 3986, 2.1), up to what ends it there. */
const BROWSER_IN_ADDRESS = /\bMozilla(?:%2F|\/)\d\.\d(?:%20|\+|%28)[^\s"'&<>]*/gi;

/** Of its domain a part can be a pseudonym already. */
const EMAIL =
    /[\p{L}\p{N}_.+'-]{1,64}@(?:[\p{L}\p{N}_-]*\[[^\][]{1,40}\]|[\p{L}\p{N}_-]+\.(?=[\p{L}\p{N}[]))(?:\.?[\p{L}\p{N}_-]+)*(?:\.?\[[^\][]{1,40}\])?/gu;
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g;
const IPV6 = /(?<![\w.])(?:[\dA-Fa-f]{0,4}:){2,7}[\dA-Fa-f]{0,4}(?:\.\d{1,3}){0,3}(?!\w)/g;

/** A text without what browsers say of themselves. */
export function hideBrowsers(text: string): string {
    return text.replaceAll(BROWSER, "[browser]").replaceAll(BROWSER_IN_ADDRESS, "[browser]");
}

/** A text without e-mail and network addresses. */
export function hideAddresses(text: string): string {
    // A recording in letters has many that could begin one, and no @.
    return (text.includes("@") ? text.replaceAll(EMAIL, "[e-mail]") : text)
        .replaceAll(IPV4, (found) => (isIPv4(found) ? "[address]" : found))
        .replaceAll(IPV6, (found) => hideAddress(found, found.endsWith("::") ? "" : (/:$/.exec(found)?.[0] ?? "")));
}

/** `end` belongs to the sentence. */
function hideAddress(found: string, end: string): string {
    const address = found.slice(0, found.length - end.length);
    return isIPv6(address) && address !== "::" ? `[address]${end}` : found;
}

const TEXT_IN_BYTES = /[\x20-\x7e]+/g;

/** From how many letters on bytes are taken for a text: in a recording shorter ones look like any of these by chance. */
const LETTERS = 14;

/** Whether bytes, a letter each, show any of these. */
export function showTraces(bytes: string): boolean {
    for (const [text] of bytes.matchAll(TEXT_IN_BYTES)) if (text.length >= LETTERS && tells(text)) return true;
    return bytes.search(IPV4) >= 0;
}

function tells(text: string): boolean {
    return hideAddresses(hideBrowsers(text)) !== text;
}
