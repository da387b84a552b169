import type { Ground } from "../ground.ts";
import { delayed } from "../network/delayed.ts";
import type { Options } from "../options.ts";
import { say } from "../progress.ts";
import type { Recorder } from "../results/recorder.ts";
import { ByProgram } from "../ways/byProgram.ts";
import type { Way } from "../ways/way.ts";
import { belongings, whatHasStayed } from "./belongings.ts";
import { cost } from "./measure.ts";

/** The life of an app that is alone on its server, by the program, by hand and by the predecessor in turn: who begins, changes with each run. */
export async function measureLife(ground: Ground, options: Options, recorder: Recorder): Promise<void> {
    const { runs, roundTrips } = options;
    const { server, program, hand } = ground;
    await using predecessor = options.predecessor ? await ground.predecessor() : undefined;
    const ways: Way[] = [program, hand];
    if (predecessor !== undefined) ways.push(predecessor.app("benchmark"));
    const servers = predecessor === undefined ? [server] : [server, predecessor.server];
    for (const added of roundTrips) {
        await delayed(servers, added, recorder, async () => {
            for (let run = 0; run < runs; run++) {
                say(`an app's life, +${added} ms: run ${run + 1} of ${runs}`);
                for (const way of [...ways.slice(run % ways.length), ...ways.slice(0, run % ways.length)]) {
                    const before = await belongings(way.server);
                    await live(way, added, recorder);
                    // Later ones find what the first has left.
                    if (run > 0 || added !== roundTrips[0]) continue;
                    const stayed = whatHasStayed(before, await belongings(way.server));
                    await recorder.remains({ actor: way.actor, stayed });
                }
            }
        });
    }
}

async function live(way: Way, added: number, recorder: Recorder): Promise<void> {
    for (const operation of ["first", "settings", "code", "destroy"] as const) {
        const taken = await cost(way.server, await way.ready(operation));
        await way.verify();
        await recorder.timing({ operation, actor: way.actor, added, apps: 1, ...taken });
        if (operation === "code" && way instanceof ByProgram) await recorder.timeline(await way.timeline());
    }
}
