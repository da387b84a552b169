import type { Ground } from "../ground.ts";
import { delayed } from "../network/delayed.ts";
import type { Options } from "../options.ts";
import { say } from "../progress.ts";
import type { Recorder } from "../results/recorder.ts";
import { does } from "../ways/way.ts";
import { seconds } from "./measure.ts";

/** Two apps that are deployed at once for the first time, in turn with one of them alone; at the first of the round trips. */
export async function measureSideBySide(ground: Ground, options: Options, recorder: Recorder): Promise<void> {
    const [added = 0] = options.roundTrips;
    const pair = [await ground.anotherByProgram("left"), await ground.anotherByProgram("right")] as const;
    await delayed([ground.server], added, recorder, async () => {
        for (let run = 0; run < options.runs; run++) {
            say(`two apps at once: run ${run + 1} of ${options.runs}`);
            const one = pair[run % 2 === 0 ? 0 : 1];
            const alone = await seconds(await one.ready("first"));
            await one.verify();
            await does(one, "destroy");
            const [left, right] = [await pair[0].ready("first"), await pair[1].ready("first")];
            const both = await seconds(() => Promise.all([left(), right()]));
            for (const way of pair) await way.verify();
            for (const way of pair) await does(way, "destroy");
            await recorder.pair({ alone, both });
        }
    });
}
