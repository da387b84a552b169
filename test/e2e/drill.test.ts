import { test } from "node:test";
import { stepsOf } from "./deployment/steps.ts";
import { Drill } from "./interruptions/drill.ts";
import { newDrillGround } from "./interruptions/drillGround.ts";

/** Which moments: each seed is one. `make drill` has thirty; these are of a create, an update and a destroy. */
const seeds = (process.env.DALLINGER_DRILL_SEEDS ?? "9 11 5").split(" ").map(Number);

test("the engine is killed at any moment, and nothing is lost or left over", async (t) => {
    const step = stepsOf(t);
    await using ground = await newDrillGround();
    const drill = new Drill(ground);
    for (const seed of seeds) {
        await step(`seed ${seed}: ${drill.describe(seed)}`, () => drill.run(seed));
    }
    await step("at the end `destroy` leaves nothing but backups", () => drill.end());
});
