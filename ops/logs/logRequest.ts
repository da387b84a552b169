import type { Process } from "../operations.ts";
import type { Since } from "./since.ts";

/** Which lines of an app's logs are wanted. */
export interface LogRequest {
    /** Of all processes if none is named. */
    readonly processes: readonly Process[];
    /** Whether to go on with what is about to be logged. */
    readonly follow: boolean;
    /** Leaves out what is older. */
    readonly since?: Since | undefined;
    /** Only lines in which this stands, to the letter. */
    readonly text?: string | undefined;
    /**
     * Also what containers have logged that others have taken the place of: those of this release, or of `all`. Defaults to the containers
     * that are there, whether they run or not.
     */
    readonly release?: string | undefined;
}

/** Reads what a person says of a release, its id or `all`; nothing where it is neither. */
export function readRelease(text: string): string | undefined {
    return /^([0-9a-f]{12}|all)$/.test(text) ? text : undefined;
}
