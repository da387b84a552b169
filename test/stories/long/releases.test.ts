import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { goesOn, neverTakesOver } from "../steps/releases/brokenReleases.ts";
import { newSharedGround } from "../steps/releases/ground.ts";
import { reachesNoOther } from "../steps/releases/isolation.ts";
import { closesNoOther, keepsWebSockets } from "../steps/releases/redeploys.ts";
import { brokenImages } from "../steps/releases/variants.ts";

test("a release takes over when it has proved itself, and never otherwise", async (t) => {
    const step = stepsOf(t);
    await using ground = await newSharedGround("releases");
    await step("no app reaches another's web, Redis, database or files", () => reachesNoOther(ground));
    await step("websockets of the app are closed when the former web's grace is over", () => keepsWebSockets(ground));
    await step("websockets of another app stay open when this one goes and comes", () => closesNoOther(ground));
    for (const title of Object.keys(brokenImages)) {
        await step(`an image ${title} never takes over`, () => neverTakesOver(ground, title));
    }
    await step("the right code again takes over", () => goesOn(ground));
});
