import { setTimeout } from "node:timers/promises";
import { Load, type LoadReport } from "../../stories/steps/releases/load.ts";
import type { Ground } from "../ground.ts";
import { delayed } from "../network/delayed.ts";
import type { Options } from "../options.ts";
import { say } from "../progress.ts";
import type { Interruption } from "../results/measurements.ts";
import type { Recorder } from "../results/recorder.ts";
import { does, type Way } from "../ways/way.ts";
import { HeldWebSockets } from "./heldWebSockets.ts";

/** Requests a second. */
const rate = 50;

/** Milliseconds of load before an update and after it. */
const around = 2000;

/** What participants notice of updates, by the program, by hand and by the predecessor in turn, at the first of the round trips. */
export async function measureUnderLoad(ground: Ground, options: Options, recorder: Recorder): Promise<void> {
    const { server, program, hand } = ground;
    const [added = 0] = options.roundTrips;
    await using predecessor = options.predecessor ? await ground.predecessor() : undefined;
    const beside: (readonly [Way, Way])[] = [
        [program, hand],
        [hand, program],
    ];
    if (predecessor !== undefined) beside.push([predecessor.app("benchmark"), predecessor.app("neighbour")]);
    say("updates under load: all apps");
    for (const way of new Set(beside.flat())) await does(way, "first");
    const servers = predecessor === undefined ? [server] : [server, predecessor.server];
    await delayed(servers, added, recorder, async () => {
        for (let run = 0; run < options.runs; run++) {
            say(`updates under load: run ${run + 1} of ${options.runs}`);
            for (const operation of ["settings", "code"] as const) {
                // An update waits a minute for websockets of the app itself: once is enough to see what becomes of them.
                const holds = operation === "code" && run === options.runs - 1;
                for (const [way, other] of beside) {
                    const noticed = await update(way, operation, { other, holds });
                    await recorder.interruption({ operation, actor: way.actor, added, ...noticed });
                }
            }
        }
    });
    for (const way of [program, hand]) await does(way, "destroy");
}

/** Beside websockets of the other app there can be some of the app itself. */
async function update(
    way: Way,
    operation: "settings" | "code",
    { other, holds }: { other: Way; holds: boolean },
): Promise<Pick<Interruption, "requests" | "slowestGap" | "lostAt" | "own" | "neighbour">> {
    const run = await way.ready(operation);
    using neighbour = await HeldWebSockets.open(other.site);
    using own = holds ? await HeldWebSockets.open(way.site) : undefined;
    const load = await Load.start(way.site, rate);
    let report: LoadReport;
    let began = Number.NaN;
    try {
        await setTimeout(around);
        began = Date.now();
        await run();
        await setTimeout(around);
    } finally {
        report = await load.stop();
    }
    await way.verify();
    const { sent, lost, slowestGap } = report;
    const lostAt = lost.map(({ asked }) => (asked.getTime() - began) / 1000);
    const noticed = { requests: { lost: lost.length, of: sent }, slowestGap, lostAt, neighbour: neighbour.closed };
    return own === undefined ? noticed : { ...noticed, own: own.closed };
}
