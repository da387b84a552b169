import { test } from "node:test";
import { stepsOf } from "../e2e/deployment/steps.ts";
import { newSharedGround } from "../e2e/releases/ground.ts";
import { losesNothing } from "../e2e/releases/redeploys.ts";

test("a study that many take part in is redeployed without losing anything", async (t) => {
    const step = stepsOf(t);
    await using ground = await newSharedGround("load");
    await step("20 redeploys in a row lose no request, at 50 a second", () => losesNothing(ground, 20, 50));
});
