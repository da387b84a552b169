import { test } from "node:test";
import { stepsOf } from "./deployment/steps.ts";
import { newSharedGround } from "./releases/ground.ts";
import { losesNothing } from "./releases/redeploys.ts";

/** Twenty in `make drill`. */
const redeploys = Number(process.env.DALLINGER_E2E_REDEPLOYS ?? "1");

test("a study that many take part in is redeployed without losing anything", async (t) => {
    const step = stepsOf(t);
    await using ground = await newSharedGround("load");
    await step(`${redeploys} redeploys in a row lose no request, at 50 a second`, () =>
        losesNothing(ground, redeploys),
    );
});
