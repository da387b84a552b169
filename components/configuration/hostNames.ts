import { isIP } from "node:net";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether the text is one DNS label: lower-case letters, digits and inner hyphens, at most 63. */
export function isDnsLabel(text: string): boolean {
    return LABEL.test(text);
}

/** Whether the text is a host name of RFC 1123 in lower case; an IP address is none. */
export function isHostName(text: string): boolean {
    // A name whose last label is a number is read as an address by resolvers and browsers.
    return text.length <= 253 && isIP(text) === 0 && text.split(".").every(isDnsLabel) && !/(^|\.)\d+$/.test(text);
}

/** Whether the text is an IPv4 address or a host name. */
export function isHostAddress(text: string): boolean {
    return isIP(text) === 4 || isHostName(text);
}
