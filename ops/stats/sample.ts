import { containerUse } from "../containerUse.ts";
import type { ContainerUse } from "../operations.ts";

/** How many connections a web has taken, and when, in seconds of its server's life. */
interface Accepted {
    readonly number: number;
    readonly at: number;
}

/** Reads what an app's verb `stats --counted` prints (templates/app/verbs/stats.sh), lines of one sample. */
export function readSample(lines: readonly string[]): ContainerUse[] {
    const counted = Map.groupBy(lines.flatMap(acceptedIn), ([name]) => name);
    return containerUse(lines.filter((line) => line.startsWith("{")).join("\n")).map((use) => {
        const requests = rateOf((counted.get(use.name) ?? []).map(([, accepted]) => accepted));
        return requests === undefined ? use : { ...use, requests };
    });
}

/** `accepted WEB NUMBER SECONDS` */
function acceptedIn(line: string): [string, Accepted][] {
    const [, name, number, at] = /^accepted (\S+) (\d+) (\d+(?:\.\d+)?)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, { number: Number(number), at: Number(at) }]];
}

/** In a second between the first count and the last; nothing where a web has begun anew meanwhile. */
function rateOf(counts: readonly Accepted[]): number | undefined {
    const [first, last] = [counts[0], counts.at(-1)];
    if (first === undefined || last === undefined || last.at <= first.at || last.number < first.number)
        return undefined;
    return Math.round(((last.number - first.number) / (last.at - first.at)) * 100) / 100;
}
