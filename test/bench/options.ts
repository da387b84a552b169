/** What can be measured: `up` with nothing to do, an app's life alone on the server, updates under load, two apps at once, the k-th app. */
export const CASES = ["no-op", "life", "load", "pairs", "apps"] as const;

export type Case = (typeof CASES)[number];

/** How much is measured. */
export interface Options {
    /** How often each operation is measured. */
    readonly runs: number;
    /** Milliseconds added to each round trip, in the order in which they are measured. */
    readonly roundTrips: readonly number[];
    /** Numbers of apps on the server, the one that is measured included, in rising order. */
    readonly apps: readonly number[];
    readonly cases: readonly Case[];
    /** Whether the predecessor, docker-ssh, is measured beside. */
    readonly predecessor: boolean;
    /** File that the page is written to, relative to the project. */
    readonly output: string;
}

/**
 * Reads them from the environment: `DALLINGER_BENCH_RUNS`, `_ROUND_TRIPS`, `_APPS`, `_CASES` (spaces between several), `_PREDECESSOR` and
 * `_OUTPUT`.
 *
 * @throws {Error} with a line for each value that is wrong.
 */
export function readOptions(environment: Readonly<Record<string, string | undefined>>): Options {
    const problems: string[] = [];
    const words = (name: string, standard: string) => (environment[name] ?? standard).split(" ").filter(Boolean);
    const numbers = (name: string, standard: string, { least, most = 99 }: { least: number; most?: number }) => {
        const given = words(name, standard);
        const right = given.every((word) => /^\d{1,4}$/.test(word) && Number(word) >= least);
        if (!right || given.length === 0 || given.length > most) {
            const kind = most === 1 ? "one whole number" : "whole numbers";
            problems.push(`${name} takes ${kind} from ${least} on, not ${JSON.stringify(given.join(" "))}`);
        }
        return [...new Set(given.map(Number))];
    };
    const [runs = 0] = numbers("DALLINGER_BENCH_RUNS", "5", { least: 1, most: 1 });
    const roundTrips = numbers("DALLINGER_BENCH_ROUND_TRIPS", "0", { least: 0 });
    const apps = numbers("DALLINGER_BENCH_APPS", "1 20", { least: 1 }).toSorted((a, b) => a - b);
    const chosen = words("DALLINGER_BENCH_CASES", CASES.join(" "));
    const cases = CASES.filter((known) => chosen.includes(known));
    if (cases.length === 0 || cases.length < new Set(chosen).size) {
        problems.push(`DALLINGER_BENCH_CASES takes ${CASES.join(", ")}, not ${JSON.stringify(chosen.join(" "))}`);
    }
    const beside = environment.DALLINGER_BENCH_PREDECESSOR ?? "yes";
    if (!["yes", "no"].includes(beside)) {
        problems.push(`DALLINGER_BENCH_PREDECESSOR takes yes or no, not ${JSON.stringify(beside)}`);
    }
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const output = environment.DALLINGER_BENCH_OUTPUT ?? "docs/benchmarks.md";
    return { runs, roundTrips, apps, cases, predecessor: beside === "yes", output };
}
