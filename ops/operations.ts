import type { ExpectedApp } from "./expectedApp.ts";
import type { LaunchState, Resolution } from "./launchState.ts";
import type { Since } from "./logs/since.ts";
import type { AppStatus } from "./status/appStatus.ts";

/** Processes of an app, by the names of their services. */
export const PROCESSES = ["web", "worker", "clock", "redis", "pgbouncer"] as const;

/** A process of an app. */
export type Process = (typeof PROCESSES)[number];

/** What a container of an app uses at one moment, in Docker's words. */
export interface ContainerUse {
    /** The container's name. */
    readonly name: string;
    /** Share of one processor, `0.52%`. */
    readonly processor: string;
    /** Memory in use, of what it may use, `61.2MiB / 512MiB`. */
    readonly memory: string;
    /** What has come to it and gone from it by networks since its start, `1.2MB / 3.4MB`. */
    readonly network?: string | undefined;
    /**
     * Connections that a web takes in a second: its requests, websockets and Docker's probe, which comes once a minute. Not there where
     * they are not counted: of other processes, on this machine, and on servers that an earlier version has prepared.
     */
    readonly requests?: number | undefined;
}

/** What an export holds besides all tables. */
export interface ExportedParts {
    /** A dump of the database, from the same moment as the tables. */
    readonly dump: boolean;
    /** The files that the experiment has saved. */
    readonly files: boolean;
    /** What the app's processes have logged. */
    readonly logs: boolean;
}

/** How psql is run. */
export interface PsqlSession {
    /** At the terminal of this command; else it reads statements from standard input, and ends at the first that fails. */
    readonly terminal: boolean;
    /** Whether it may change something without saying so once more. */
    readonly write: boolean;
}

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

/** What a restart waits for, in seconds. */
export interface RestartWaits {
    /** For workers that finish their job. */
    readonly workersTimeout: number;
    /** For what is new to get healthy. */
    readonly healthyWithin: number;
}

/**
 * What can be asked of an app that runs, wherever that is: commands are written on these, and each target has an adapter of its own.
 * All of them reject with a {@link Refusal} that says why, when the app or the way to it does not answer.
 */
export interface Operations {
    /** Runs a program in a process, once. @returns its standard output. */
    exec(process: Process, argv: readonly string[], stdin?: string): Promise<string>;
    /**
     * Runs a program in a process, once, with the standard input, output and error of this command, byte by byte.
     * @returns the program's exit status.
     */
    run(process: Process, argv: readonly string[]): Promise<number>;
    /** Runs a shell in a process, at the terminal of this command. @returns its exit status. */
    shell(process: Process): Promise<number>;
    /** Runs psql in the app's own database, as the app's own role. @returns its exit status. */
    psql(args: readonly string[], session: PsqlSession): Promise<number>;
    /** Restarts processes, all that run the experiment when none is named, and shows how far it is. @returns the names of those that were. */
    restart(processes: readonly Process[], waits: RestartWaits): Promise<string>;
    /** What is known of the app's launch. */
    launch(): Promise<LaunchState>;
    /** Says what became of a launch whose outcome nobody knows, once `asked`, who sees what is known, agrees. @returns what is known then. */
    resolveLaunch(how: Resolution, asked: (known: LaunchState) => Promise<void>): Promise<LaunchState>;
    /** Gives what processes have logged, lines `TIME CONTAINER | TEXT`, the earliest first; empty ones come while there is nothing. */
    logs(request: LogRequest): AsyncIterable<string>;
    /** What each container uses at the moment. */
    stats(): Promise<readonly ContainerUse[]>;
    /** The same again and again, until the signal is given. */
    watch(signal: AbortSignal): AsyncIterable<readonly ContainerUse[]>;
    /** How the app is, in all that is known of it; `expected` is what its stack has. Changes nothing. */
    status(expected: ExpectedApp): Promise<AppStatus>;
    /** Writes a dump of the database, in PostgreSQL's custom format, into a file that is not there yet and appears when it is whole. */
    dump(file: string): Promise<void>;
    /** Gives the app's data, all of its tables as they are at one moment, in the lines that templates/app/export.sh describes. */
    export(parts: ExportedParts): AsyncIterable<string>;
}
