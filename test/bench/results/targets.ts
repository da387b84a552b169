import { besidePython } from "./manyAppsTables.ts";
import type { Idle, Measurements, Operation, Timing } from "./measurements.ts";
import { addedTo, secondsOf } from "./selection.ts";
import { median } from "./statistics.ts";

/** What is aimed at, and how it is. */
export interface Target {
    readonly target: string;
    readonly measured: string;
    /** Nothing when it was not measured. */
    readonly met: boolean | undefined;
}

/** The project's targets and what was measured of them. They are told, and never asserted: the figures are a machine's. */
export function targets({ timings, idle, pairs }: Pick<Measurements, "timings" | "idle" | "pairs">): Target[] {
    const sameImports = "a program with the same imports and as many trivial resources";
    return [
        connections("an `up` that changes nothing makes no ssh connection", { timings, of: ["no-op"], most: 0 }),
        ratio(`it takes at most 1.15× as long as ${sameImports}`, { ratios: noOpRatios(timings), most: 1.15 }),
        connections("other settings, or other code: at most two ssh connections", {
            timings,
            of: ["settings", "code"],
            most: 2,
        }),
        ratio("the 20th app is deployed in at most 1.15× the first one's time", {
            ratios: appRatios(timings, 20),
            most: 1.15,
        }),
        ratio("two apps that are deployed at once take at most 1.9× as long as one", {
            ratios: [["", median(pairs.map(({ both }) => both)) / median(pairs.map(({ alone }) => alone))]],
            most: 1.9,
        }),
        idleTarget(idle),
        ratio("a first deployment takes at most 1.1× as long as by hand", {
            ratios: ratiosTo("hand", timings, first),
            most: 1.1,
        }),
        ratio("an update takes at most 1.6× as long as by hand", {
            ratios: ratiosTo("hand", timings, updates),
            most: 1.6,
        }),
        ratio("a first deployment takes at most 0.8× as long as with docker-ssh", {
            ratios: ratiosTo("docker-ssh", timings, first),
            most: 0.8,
        }),
        ratio("an update takes at most 0.5× as long as with docker-ssh", {
            ratios: ratiosTo("docker-ssh", timings, updates),
            most: 0.5,
        }),
    ];
}

/** Operations, each with what stands before the milliseconds. */
type Titled = readonly (readonly [Operation, string])[];
const first: Titled = [["first", ""]];
const updates: Titled = [
    ["settings", "other settings "],
    ["code", "other code "],
];

function idleTarget(idle: readonly Idle[]): Target {
    const target = "an app that nobody uses takes at most 1 % of a processor, and 150 MiB beside its Python";
    if (idle.length === 0) return { target, measured: "–", met: undefined };
    const percent = idle.reduce((sum, one) => sum + one.percent, 0);
    const mebibytes = besidePython(idle).reduce((sum, one) => sum + one.mebibytes, 0);
    const measured = `${percent.toFixed(2)} %, ${mebibytes.toFixed(0)} MiB`;
    return { target, measured, met: percent <= 1 && mebibytes <= 150 };
}

interface ConnectionLimit {
    readonly timings: readonly Timing[];
    readonly of: readonly Operation[];
    readonly most: number;
}

/** Every single measurement counts. */
function connections(target: string, { timings, of, most }: ConnectionLimit): Target {
    const counts = timings
        .filter(({ actor, operation }) => actor === "program" && of.includes(operation))
        .flatMap(({ connections: count }) => (count === undefined ? [] : [count]));
    if (counts.length === 0) return { target, measured: "–", met: undefined };
    const worst = Math.max(...counts);
    return { target, measured: `${worst} at most, of ${counts.length} measured`, met: worst <= most };
}

interface RatioLimit {
    /** Ratios of medians, by what they are of. */
    readonly ratios: readonly (readonly [string, number])[];
    readonly most: number;
}

function ratio(target: string, { ratios, most }: RatioLimit): Target {
    const known = ratios.filter(([, value]) => !Number.isNaN(value));
    if (known.length === 0) return { target, measured: "–", met: undefined };
    const measured = known.map(([of, value]) => `${value.toFixed(2)}× ${of}`.trim()).join(", ");
    return { target, measured, met: known.every(([, value]) => value <= most) };
}

function noOpRatios(timings: readonly Timing[]): RatioLimit["ratios"] {
    const taken = (actor: "program" | "imports", added: number) =>
        median(secondsOf(timings, { operation: "no-op", actor, added, apps: 1 }));
    return addedTo(timings).map((added) => [`at +${added} ms`, taken("program", added) / taken("imports", added)]);
}

function appRatios(timings: readonly Timing[], number: number): RatioLimit["ratios"] {
    const taken = (apps: number, added: number) =>
        median(secondsOf(timings, { operation: "first", actor: "program", added, apps }));
    return addedTo(timings).map((added) => [`at +${added} ms`, taken(number, added) / taken(1, added)]);
}

/** Of the program's medians to another way's. */
function ratiosTo(other: "hand" | "docker-ssh", timings: readonly Timing[], operations: Titled): RatioLimit["ratios"] {
    const taken = (operation: Operation, actor: Timing["actor"], added: number) =>
        median(secondsOf(timings, { operation, actor, added, apps: 1 }));
    return operations.flatMap(([operation, title]) =>
        addedTo(timings).map((added) => {
            const value = taken(operation, "program", added) / taken(operation, other, added);
            return [`${title}at +${added} ms`, value] as const;
        }),
    );
}
