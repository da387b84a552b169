import { describe, test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { Drill } from "../steps/interruptions/drill.ts";
import { newDrillGround } from "../steps/interruptions/drillGround.ts";

/** Which moments: each seed is one. `make drill` has thirty; these are of a create, an update and a destroy. */
const seeds = (process.env.DALLINGER_DRILL_SEEDS ?? "9 11 5").split(" ").map(Number);

/** On so many servers at the same time, each with an app, a checkout and a part of the seeds of its own. */
const servers = Number(process.env.DALLINGER_DRILL_SERVERS ?? "1");

describe("the engine is killed at any moment, and nothing is lost or left over", { concurrency: true }, () => {
    for (let server = 1; server <= servers; server++) {
        const own = seeds.filter((_, index) => index % servers === server - 1);
        test(`on server ${server}: seeds ${own.join(", ")}`, async (t) => {
            const step = stepsOf(t);
            await using ground = await newDrillGround(`drill-${server}`);
            const drill = new Drill(ground);
            for (const seed of own) {
                await step(`seed ${seed}: ${drill.describe(seed)}`, () => drill.run(seed));
            }
            await step("a first release that fails is taken away by `destroy`", () => drill.fail());
            await step("at the end `destroy` leaves nothing but backups", () => drill.end());
        });
    }
});
