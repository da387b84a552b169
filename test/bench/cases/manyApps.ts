import type { Ground } from "../ground.ts";
import { delayed } from "../network/delayed.ts";
import type { Options } from "../options.ts";
import { say } from "../progress.ts";
import type { Timing } from "../results/measurements.ts";
import type { Recorder } from "../results/recorder.ts";
import { does, type Way } from "../ways/way.ts";
import { HeldWebSockets } from "./heldWebSockets.ts";
import { measureIdle } from "./idle.ts";
import { cost } from "./measure.ts";

/**
 * First deployment and end of the k-th app beside k - 1 others, at the first of the round trips; by hand, in turn with the program, for the
 * last k only. The first app is that of {@link measureLife}. At last what the others cost that nobody uses.
 */
export async function measureManyApps(ground: Ground, options: Options, recorder: Recorder): Promise<void> {
    const { server, program, hand } = ground;
    const [added = 0] = options.roundTrips;
    const numbers = options.apps.filter((apps) => apps > 1);
    const others: Way[] = [];
    for (const apps of numbers) {
        while (others.length < apps - 1) others.push(await addApp(ground, others.length + 1));
        const ways = apps === numbers.at(-1) ? [program, hand] : [program];
        await delayed([server], added, recorder, async () => {
            for (let run = 0; run < options.runs; run++) {
                say(`the app number ${apps}: run ${run + 1} of ${options.runs}`);
                for (const way of run % 2 === 0 ? ways : ways.toReversed()) {
                    const neighbour = others.find(({ actor }) => actor === way.actor);
                    for (const operation of ["first", "destroy"] as const) {
                        const taken = await costBeside(ground, way, operation, neighbour);
                        await recorder.timing({ operation, actor: way.actor, added, apps, ...taken });
                    }
                }
            }
        });
    }
    if (others.length > 0) await measureIdle(server, recorder);
}

/** Puts one more app there. The second is made by hand: what is done by hand has a neighbour of its kind. */
async function addApp(ground: Ground, number: number): Promise<Way> {
    say(`other apps: number ${number}`);
    const name = `other${number}`;
    const way = number === 2 ? await ground.anotherByHand(name) : await ground.anotherByProgram(name);
    await does(way, "first");
    return way;
}

/** What an operation costs, and what becomes meanwhile of websockets to an app beside. */
async function costBeside(
    { server }: Ground,
    way: Way,
    operation: "first" | "destroy",
    neighbour: Way | undefined,
): Promise<Pick<Timing, "seconds" | "connections" | "bytes" | "neighbour">> {
    const run = await way.ready(operation);
    using held = neighbour && (await HeldWebSockets.open(neighbour.site));
    const taken = await cost(server, run);
    await way.verify();
    return held === undefined ? taken : { ...taken, neighbour: held.closed };
}
