import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { say } from "../progress.ts";
import type { Idle, Interruption, Pair, Remains, RoundTrip, Timeline, Timing } from "./measurements.ts";
import { type BenchmarksRun, renderPage } from "./page.ts";
import { plots } from "./plots.ts";

/** Keeps what is measured, and writes all of it to a file each time: an interrupted run has lost nothing. */
export class Recorder {
    private readonly file: string;
    private readonly circumstances: Omit<BenchmarksRun, "complete" | "measurements" | "plots">;
    private readonly measurements: {
        timings: Timing[];
        interruptions: Interruption[];
        roundTrips: RoundTrip[];
        remains: Remains[];
        idle: Idle[];
        pairs: Pair[];
        timelines: Timeline[];
    };

    constructor(file: string, circumstances: Omit<BenchmarksRun, "complete" | "measurements" | "plots">) {
        this.file = file;
        this.circumstances = circumstances;
        this.measurements = {
            timings: [],
            interruptions: [],
            roundTrips: [],
            remains: [],
            idle: [],
            pairs: [],
            timelines: [],
        };
    }

    async timing(timing: Timing): Promise<void> {
        const { operation, actor, apps, added, seconds, connections } = timing;
        const ssh = connections === undefined ? "" : `, ${connections} ssh connections`;
        say(`${operation} (${actor}), k = ${apps}, +${added} ms: ${seconds.toFixed(1)} s${ssh}`);
        this.measurements.timings.push(timing);
        await this.write();
    }

    async interruption(interruption: Interruption): Promise<void> {
        const { operation, actor, requests, slowestGap } = interruption;
        const gap = `slowest gap ${Math.round(slowestGap)} ms`;
        say(`${operation} (${actor}) under load: ${requests.lost} of ${requests.of} requests lost, ${gap}`);
        this.measurements.interruptions.push(interruption);
        await this.write();
    }

    async roundTrip(roundTrip: RoundTrip): Promise<void> {
        say(`with ${roundTrip.added} ms added, a round trip takes ${roundTrip.measured.toFixed(1)} ms`);
        this.measurements.roundTrips.push(roundTrip);
        await this.write();
    }

    async remains(remains: Remains): Promise<void> {
        say(`left (${remains.actor}): ${remains.stayed.join(", ") || "nothing"}`);
        this.measurements.remains.push(remains);
        await this.write();
    }

    async idle(idle: readonly Idle[]): Promise<void> {
        for (const { part, percent, mebibytes } of idle)
            say(`an idle app's ${part}: ${percent.toFixed(2)} % of a processor, ${mebibytes.toFixed(1)} MiB`);
        this.measurements.idle.push(...idle);
        await this.write();
    }

    async pair(pair: Pair): Promise<void> {
        say(`one app alone: ${pair.alone.toFixed(1)} s; two at once: ${pair.both.toFixed(1)} s`);
        this.measurements.pairs.push(pair);
        await this.write();
    }

    async timeline(timeline: Timeline): Promise<void> {
        this.measurements.timelines.push(timeline);
        await this.write();
    }

    /** Writes down that all was measured. */
    async finish(): Promise<void> {
        await this.write(true);
    }

    private async write(complete = false): Promise<void> {
        const { circumstances, measurements } = this;
        const drawn = plots(measurements);
        const folder = basename(this.file, ".md");
        await writeFile(this.file, renderPage({ ...circumstances, complete, measurements, plots: { folder, drawn } }));
        if (drawn.length > 0) await mkdir(join(dirname(this.file), folder), { recursive: true });
        for (const { file, svg } of drawn) await writeFile(join(dirname(this.file), folder, file), svg);
    }
}
