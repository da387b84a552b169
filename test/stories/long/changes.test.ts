import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { announcesRestarts } from "../steps/releases/announced.ts";
import { rollsBack } from "../steps/releases/goingBack.ts";
import { newGround } from "../steps/releases/ground.ts";
import { addsHostname, changesFirstHostname, takesHostnamesBack } from "../steps/releases/hostnames.ts";
import { keepsTheLatest, mendsDrift, neverTwoClocks, scalesWorkers } from "../steps/releases/kindsOfChange.ts";

test("each kind of change changes what it is about, and nothing else", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("changes");
    await step("more or fewer workers change nothing else", () => scalesWorkers(ground));
    await step("one host name more makes no container anew", () => addsHostname(ground));
    await step("another first host name restarts what runs Dallinger, and neither Redis nor pgbouncer", () =>
        changesFirstHostname(ground),
    );
    await step("a preview announces what restarts, also for another repository and another number of connections", () =>
        announcesRestarts(ground),
    );
    await step("without host names of its own an app is where it was", () => takesHostnamesBack(ground));
    await step("there are never two clocks", () => neverTwoClocks(ground));
    await step("a rollback brings back image and settings", () => rollsBack(ground));
    await step("what was changed by hand is found, and mended by `up`", () => mendsDrift(ground));
    await step("only the latest releases are kept", () => keepsTheLatest(ground));
});
