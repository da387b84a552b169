import { type Curve, drawCurves, drawTimeline } from "./chart.ts";
import type { Interruption, Measurements, Timeline } from "./measurements.ts";
import { addedTo, appsIn, secondsOf } from "./selection.ts";
import { median } from "./statistics.ts";

/** A picture of what was measured: the name of its file, what it shows, and its SVG. */
export interface Plot {
    readonly file: string;
    readonly title: string;
    readonly svg: string;
}

const names = { program: "program", hand: "by hand", "docker-ssh": "docker-ssh" } as const;

/** The pictures of what was measured; none of what was not. */
export function plots({ timelines, interruptions, timings }: Measurements): Plot[] {
    return [timelinePlot(timelines), lossPlot(interruptions), appsPlot(timings)].filter((plot) => plot !== undefined);
}

/** What an update takes its time for on the server: of the last one that was measured. */
function timelinePlot(timelines: readonly Timeline[]): Plot | undefined {
    const [last] = timelines.slice(-1);
    if (last === undefined) return undefined;
    let ended = 0;
    const bars = last.steps.map(({ step, seconds }) => {
        const from = ended;
        ended += seconds;
        return { name: step, from, to: ended };
    });
    const title = "What other code takes its time for on the server";
    return { file: "timeline.svg", title, svg: drawTimeline(title, "seconds", bars) };
}

/** Requests lost in each second around an update with other code: of all runs their mean. */
function lossPlot(interruptions: readonly Interruption[]): Plot | undefined {
    const updates = interruptions.filter(({ operation, lostAt }) => operation === "code" && lostAt !== undefined);
    if (updates.length === 0) return undefined;
    const last = Math.max(10, ...updates.flatMap(({ lostAt = [] }) => lostAt.map(Math.floor)));
    const curves = (["program", "hand", "docker-ssh"] as const).flatMap((actor): Curve[] => {
        const runs = updates.filter((update) => update.actor === actor);
        if (runs.length === 0) return [];
        const seconds = Array.from({ length: last + 4 }, (_, index) => index - 2);
        const lostIn = (second: number) =>
            runs.flatMap(({ lostAt = [] }) => lostAt).filter((at) => Math.floor(at) === second).length / runs.length;
        return [{ name: names[actor], points: seconds.map((second) => [second, lostIn(second)] as const) }];
    });
    const title = "Requests lost around an update with other code";
    const axes = { x: "seconds since the update began", y: "lost of those asked in that second" };
    return { file: "lost.svg", title, svg: drawCurves(title, axes, curves) };
}

/** What the k-th first deployment takes: medians. */
function appsPlot(timings: Measurements["timings"]): Plot | undefined {
    const [added] = addedTo(timings.filter(({ apps }) => apps > 1));
    if (added === undefined) return undefined;
    const curves = (["program", "hand"] as const).flatMap((actor): Curve[] => {
        const points = appsIn(timings).flatMap((apps) => {
            const taken = median(secondsOf(timings, { operation: "first", actor, added, apps }));
            return Number.isNaN(taken) ? [] : [[apps, taken] as const];
        });
        return points.length === 0 ? [] : [{ name: names[actor], points }];
    });
    const title = "First deployment of the k-th app on a server";
    return { file: "apps.svg", title, svg: drawCurves(title, { x: "k", y: "seconds" }, curves) };
}
