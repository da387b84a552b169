import { stripVTControlCharacters } from "node:util";

/** Longest line that is passed on, in bytes: @pulumi/command hangs on lines over 64 KiB, and nobody reads them. */
const LONGEST_LINE = 4000;

/** The lines of a piece of output as they are shown: without colours and cursor movements, none too long. */
export function shownLines(text: string): string[] {
    return stripVTControlCharacters(text)
        .split(/[\r\n]+/)
        .map((line) => cut(line.trimEnd()))
        .filter((line) => line !== "");
}

function cut(line: string): string {
    const bytes = Buffer.from(line);
    if (bytes.length <= LONGEST_LINE) return line;
    // A character cut in two at the end is left out.
    return `${new TextDecoder().decode(bytes.subarray(0, LONGEST_LINE), { stream: true })} …`;
}

/**
 * Whether a line only says how much of a layer has moved by now. BuildKit writes several a second, and all that is written
 * is kept in the stack's state.
 */
export function isTransferProgress(line: string): boolean {
    return /^#\d+ (?:pushing layer|extracting|sha256:|(?:\d+\.\d+ )?transferring)\S* .*\d[kMG]?B \/ \d/.test(line);
}
