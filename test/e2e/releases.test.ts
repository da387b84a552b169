import { test } from "node:test";
import { stepsOf } from "./deployment/steps.ts";
import { goesOn, neverTakesOver } from "./releases/brokenReleases.ts";
import { rollsBack } from "./releases/goingBack.ts";
import { newGround } from "./releases/ground.ts";
import { reachesNoOther } from "./releases/isolation.ts";
import { keepsTheLatest, mendsDrift, neverTwoClocks, scalesWorkers } from "./releases/kindsOfChange.ts";
import { keepsWebSockets, losesNothing } from "./releases/redeploys.ts";
import { brokenImages } from "./releases/variants.ts";

/** Twenty in `make drill`. */
const redeploys = Number(process.env.DALLINGER_E2E_REDEPLOYS ?? "1");

test("a running study is redeployed without losing anything", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("releases");
    await step(`${redeploys} redeploys in a row lose no request, at 50 a second`, () =>
        losesNothing(ground, redeploys),
    );
    await step("no app reaches another's web, Redis, database or files", () => reachesNoOther(ground));
    await step("websockets of the app are closed when the former web's grace is over", () => keepsWebSockets(ground));
    for (const title of Object.keys(brokenImages)) {
        await step(`an image ${title} never takes over`, () => neverTakesOver(ground, title));
    }
    await step("the right code again takes over", () => goesOn(ground));
    await step("more or fewer workers change nothing else", () => scalesWorkers(ground));
    await step("there are never two clocks", () => neverTwoClocks(ground));
    await step("a rollback brings back image and settings", () => rollsBack(ground));
    await step("what was changed by hand is found, and mended by `up`", () => mendsDrift(ground));
    await step("only the latest releases are kept", () => keepsTheLatest(ground));
});
