import { stringify } from "yaml";

/** Numbers of Go and of YAML 1.1: after a digit or a sign, where underscores may be anywhere, they are taken out before. */
const NUMBER = /^[-+]?(?:0x[\da-f]+|0o?[0-7]+|0b[01]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i;
/** After a point underscores may separate digits. */
const FRACTION = /^\.\d+(?:_\d+)*(?:e[-+]?\d+(?:_\d+)*)?$/i;

/**
 * Whether compose took the text for a number in the compose files of earlier versions, which did not quote every text: `1_000`
 * for 1000, `0b101` for 5. Containers that were made from such a file hold the wrong value.
 */
export function wasMisread(text: string): boolean {
    const isNumber = /^[-+\d]/.test(text) ? NUMBER.test(text.replaceAll("_", "")) : FRACTION.test(text);
    // Some were quoted all the same: what is a number in YAML 1.2.
    return isNumber && stringify(text) === `${text}\n`;
}

/**
 * For JSON.stringify, of what containers are made from: marks the texts that were misread, and nothing else, so that exactly the
 * containers with a wrong value count as others than those that are to be.
 */
export function markMisread(_key: string, value: unknown): unknown {
    return typeof value === "string" && wasMisread(value) ? `\0${value}` : value;
}
