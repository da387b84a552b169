import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { waitsForAQuieterMoment } from "../steps/releases/fullServer.ts";
import { newSharedGround } from "../steps/releases/ground.ts";
import { losesNothing } from "../steps/releases/redeploys.ts";
import { loadFor, measureServed } from "../steps/releases/served.ts";

/** How many redeploys; fewer for who looks for something. */
const redeploys = Number(process.env.DALLINGER_DRILL_REDEPLOYS ?? "20");

test("a study that many take part in is redeployed without losing anything", async (t) => {
    const step = stepsOf(t);
    await using ground = await newSharedGround("load");
    const served = await step("what the machine serves today is measured", () => measureServed(ground));
    const rate = loadFor(served);
    t.diagnostic(`the machine serves ${served.toFixed(0)} requests a second today; asked are ${rate}`);
    await step(`${redeploys} redeploys in a row lose no request, at ${rate} a second`, () =>
        losesNothing(ground, redeploys, rate),
    );
    await step("a release waits when more is asked than can be answered, tells so, and goes on", () =>
        waitsForAQuieterMoment(ground, served),
    );
});
