import { stripVTControlCharacters } from "node:util";

/** A test that failed: its name and the message of its error. */
export interface Failure {
    readonly name: string;
    readonly message: string;
}

/** How many characters of a message are told: its beginning says what was expected, its end what the program said last. */
const told = { beginning: 700, end: 300 };

/**
 * The last lines of a run: each test that failed, with the reason. Where only the end of a long log is kept, that is all that
 * anybody gets to know. A test that failed for its steps alone is left out.
 *
 * @returns one text without control characters; empty when nothing failed
 */
export function whyTheyFailed(failures: readonly Failure[]): string {
    const own = failures.filter(({ message }) => !/^the story ends with this step|^\d+ subtests? failed/.test(message));
    if (own.length === 0) return "";
    const reasons = own.map(({ name, message }) => `* ${name}\n${shortened(message).replaceAll(/^/gm, "    ")}`);
    return `${["why they failed:", ...reasons].join("\n")}\n`;
}

function shortened(message: string): string {
    const text = stripVTControlCharacters(message).trim();
    if (text.length <= told.beginning + told.end) return text;
    return `${text.slice(0, told.beginning)}\n[…]\n${text.slice(-told.end)}`;
}
