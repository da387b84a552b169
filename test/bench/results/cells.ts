import type { Share, Timing } from "./measurements.ts";
import { spread } from "./statistics.ts";

/** Seconds, ssh connections and KiB of what was measured several times. */
export function costs(timings: readonly Timing[]): [string, string, string] {
    const connections = timings.flatMap(({ connections: count }) => (count === undefined ? [] : [count]));
    const kibibytes = timings.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes / 1024]));
    return [seconds(timings), spread(connections, 0), spread(kibibytes, 0)];
}

/** Seconds of what was measured several times. */
export function seconds(timings: readonly Timing[]): string {
    return spread(
        timings.map((timing) => timing.seconds),
        1,
    );
}

/** All that were lost, of all there were; a dash when there was none. */
export function total(shares: readonly (Share | undefined)[]): string {
    const known = shares.filter((share) => share !== undefined);
    if (known.length === 0) return "–";
    const sum = (part: "lost" | "of") => known.reduce((all, share) => all + share[part], 0);
    return `${sum("lost")} of ${sum("of")}`;
}
