import type { Ground } from "../ground.ts";
import { delayed } from "../network/delayed.ts";
import type { Options } from "../options.ts";
import { say } from "../progress.ts";
import type { Recorder } from "../results/recorder.ts";
import { cost } from "./measure.ts";

/** The life of an app that is alone on the server, by the program and by hand in turn: who begins, changes with each run. */
export async function measureLife(ground: Ground, { runs, roundTrips }: Options, recorder: Recorder): Promise<void> {
    const { server, program, hand } = ground;
    for (const added of roundTrips) {
        await delayed(server, added, recorder, async () => {
            for (let run = 0; run < runs; run++) {
                say(`an app's life, +${added} ms: run ${run + 1} of ${runs}`);
                for (const way of run % 2 === 0 ? [program, hand] : [hand, program]) {
                    for (const operation of ["first", "settings", "code", "destroy"] as const) {
                        const taken = await cost(server, await way.ready(operation));
                        await way.verify();
                        await recorder.timing({ operation, actor: way.actor, added, apps: 1, ...taken });
                    }
                }
            }
        });
    }
}
