import type { Actor, Operation, Timing } from "./measurements.ts";

/** What measurements have in common that are runs of one thing. */
export interface Kind {
    readonly operation: Operation;
    readonly actor: Actor;
    readonly added: number;
    readonly apps: number;
}

/** The timings of one kind, in the order of the runs. */
export function timingsOf(timings: readonly Timing[], { operation, actor, added, apps }: Kind): Timing[] {
    return timings.filter(
        (timing) =>
            timing.operation === operation && timing.actor === actor && timing.added === added && timing.apps === apps,
    );
}

/** Their seconds. */
export function secondsOf(timings: readonly Timing[], kind: Kind): number[] {
    return timingsOf(timings, kind).map(({ seconds }) => seconds);
}

/** The milliseconds that were added to round trips, in rising order. */
export function addedTo(timings: readonly Timing[]): number[] {
    return rising(timings.map(({ added }) => added));
}

/** The numbers of apps on the server, in rising order. */
export function appsIn(timings: readonly Timing[]): number[] {
    return rising(timings.map(({ apps }) => apps));
}

function rising(values: readonly number[]): number[] {
    return [...new Set(values)].toSorted((a, b) => a - b);
}
