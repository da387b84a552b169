import { constants } from "node:os";

/** How a program has ended. */
interface ProgramEnd {
    readonly exitCode?: number | undefined;
    readonly signal?: NodeJS.Signals | undefined;
}

/** The status of a program that has ended: as a shell says it, 128 and the signal's number where one has ended it. */
export function endOf({ exitCode, signal }: ProgramEnd): number {
    if (exitCode !== undefined) return exitCode;
    return 128 + (signal === undefined ? 0 : constants.signals[signal]);
}
