import { test } from "node:test";
import { comesBackWith, isListed, savesWhileAnswering } from "../steps/backups/byHand.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import { newGround } from "../steps/moving/ground.ts";
import { runs } from "../steps/moving/leaving.ts";

test("an app is saved while it works, and comes back from that", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround();
    await step("an app runs and somebody takes part", () => runs(ground));
    const backup = await step("a backup is made while participants answer", () => savesWhileAnswering(ground));
    await step("it is listed with how it came to be", () => isListed(ground, backup));
    await step("the app comes back with it", () => comesBackWith(ground, backup));
});
