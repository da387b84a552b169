/**
 * How an app is, by what is found of it where it runs:
 *
 * - `running`: as many containers of each service as it has to have, and all healthy;
 * - `disturbed`: some of them;
 * - `stopped`: none of them;
 * - `half-made`: a deployment or a removal has begun and not ended;
 * - `foreign`: something has an app's name, and this program has not made it, or it is what is left of one.
 */
export type AppState = "running" | "disturbed" | "stopped" | "half-made" | "foreign";

/** What is kept of a release that serves. */
export interface AppRelease {
    readonly release: string;
    /** Digest and all. */
    readonly image: string;
    /** UTC time at which it was brought. */
    readonly applied: string;
    /** User, address and key of who has brought it. */
    readonly by: string;
    readonly stack: string;
    /** Empty where its files were in none. */
    readonly commit: string;
}

/** What is known of an app where it runs. */
export interface ListedApp {
    readonly name: string;
    readonly state: AppState;
    /** Whether a deployment or another command is at work on it. */
    readonly atWork: boolean;
    /** Host names, or on this machine the address, under which it is served. */
    readonly hosts: readonly string[];
    /** The release that serves; not there before the first, nor on this machine. */
    readonly release?: AppRelease | undefined;
    /** Random id of the app, which its stack, its server and its backups know; not there of what is foreign. */
    readonly owner?: string | undefined;
    /** Whether it is launched; `unknown` where an answer was lost, and somebody has to say. */
    readonly launched?: boolean | "unknown" | undefined;
    /** UTC time of the last answer of a participant, null where none has answered; not there where that could not be read. */
    readonly lastAnswer?: string | null | undefined;
    /** Bytes that its containers use of memory, together. */
    readonly memory: number;
    /** Bytes of its database and its files on the disk, together; not there on this machine, nor where that could not be read. */
    readonly disk?: number | undefined;
}

/** A container, by docker's words for it. */
export interface ListedContainer {
    readonly service: string;
    readonly name: string;
    readonly runs: boolean;
    /** Runs, and is not said to be unhealthy, paused, or not healthy yet. */
    readonly isGood: boolean;
}

/** Reads docker's words for how a container is: `Up 2 hours (healthy)`, `Exited (0) 3 minutes ago`. */
export function readContainer(service: string, name: string, status: string): ListedContainer {
    const runs = status.startsWith("Up ");
    return { service, name, runs, isGood: runs && !/\((unhealthy|health: \w+|Paused)\)/.test(status) };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Bytes of what docker says of a container's memory: `61.2MiB / 512MiB`. */
export function readMemory(text: string): number {
    const [, number = "0", unit = ""] = /^([\d.]+)([KMGT]?i?B) \//.exec(text) ?? [];
    return Math.round(Number(number) * (UNITS[unit] ?? 0));
}
