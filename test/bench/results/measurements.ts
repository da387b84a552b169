/** What is done. All but `no-op` change something: a first deployment, other settings, other code, and the end. */
export type Operation = "first" | "no-op" | "settings" | "code" | "destroy";

/**
 * Who does it: this program; a person with ssh; the predecessor, `dallinger docker-ssh`; or, beside the program's no-op, a program with its
 * imports, or one with nothing in it.
 */
export type Actor = "program" | "hand" | "docker-ssh" | "imports" | "empty";

/** Of how many some were lost. */
export interface Share {
    readonly lost: number;
    readonly of: number;
}

/** What an operation costs. */
export interface Cost {
    readonly seconds: number;
    /** ssh connections that the server has seen. */
    readonly connections: number;
    /** Bytes through the server's network interface, both ways. */
    readonly bytes: number;
}

/** One operation that was timed. */
export interface Timing extends Partial<Cost> {
    readonly operation: Operation;
    readonly actor: Actor;
    /** Milliseconds added to each round trip. */
    readonly added: number;
    /** Apps on the server, this one included. */
    readonly apps: number;
    readonly seconds: number;
    /** Websockets of another app that were closed. */
    readonly neighbour?: Share;
}

/** What participants have noticed of an update. */
export interface Interruption {
    readonly operation: Operation;
    readonly actor: Actor;
    readonly added: number;
    readonly requests: Share;
    /** Longest time between two answers, in milliseconds. */
    readonly slowestGap: number;
    /** When those were asked that were lost, in seconds since the operation began. */
    readonly lostAt?: readonly number[];
    /** Websockets of the app itself; nothing where none was open. */
    readonly own?: Share;
    /** Websockets of another app on the server. */
    readonly neighbour: Share;
}

/** What an app has left on its server, when it had been deployed for the first time and taken away. */
export interface Remains {
    readonly actor: Actor;
    /** A line each: what it is, and its name. */
    readonly stayed: readonly string[];
}

/** What one part of an app costs while nobody uses the app: a service's containers, or what the engine has beside them. */
export interface Idle {
    readonly part: string;
    /** Over how many apps it is the mean. */
    readonly apps: number;
    /** Of one processor. */
    readonly percent: number;
    readonly mebibytes: number;
}

/** What an update of the program's has taken its time for on the server, in order. */
export interface Timeline {
    readonly steps: readonly { readonly step: string; readonly seconds: number }[];
}

/** Seconds of a first deployment alone, and of two at once until both have ended. */
export interface Pair {
    readonly alone: number;
    readonly both: number;
}

/** How long a round trip really took, in milliseconds, when so many were added. */
export interface RoundTrip {
    readonly added: number;
    readonly measured: number;
}

/** All that a run has measured, in the order in which it did. */
export interface Measurements {
    readonly timings: readonly Timing[];
    readonly interruptions: readonly Interruption[];
    readonly roundTrips: readonly RoundTrip[];
    readonly remains: readonly Remains[];
    readonly idle: readonly Idle[];
    readonly pairs: readonly Pair[];
    readonly timelines: readonly Timeline[];
}
