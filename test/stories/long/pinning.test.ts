import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { newGround } from "../steps/pinning/ground.ts";
import { isNotBuiltAgain, refusesLoose, runsCheckout, runsPinned, writesDown } from "../steps/pinning/pinned.ts";

test("an image is made from what is written down", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround();
    await step("what nothing pins is told, and refused when strict", () => refusesLoose(ground));
    await step("the command that is named then writes it down, the same every time", () => writesDown(ground));
    await step("what is written down is what runs", () => runsPinned(ground));
    await step("a checkout of Dallinger takes the release's place", () => runsCheckout(ground));
    await step("an image that the registry has is not built again", () => isNotBuiltAgain(ground));
});
