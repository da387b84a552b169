import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { bothSucceed } from "../steps/interruptions/together.ts";
import { neverTakesOver } from "../steps/releases/brokenReleases.ts";
import { rollsBack } from "../steps/releases/goingBack.ts";
import { newSharedGround } from "../steps/releases/ground.ts";
import { reachesNoOther } from "../steps/releases/isolation.ts";
import { losesNothing } from "../steps/releases/redeploys.ts";

/** A part of each story of test/stories/long/, on one server: in full they take longer than anybody waits for a commit. */
test("a running study is updated and disturbed, and nothing is lost", async (t) => {
    const step = stepsOf(t);
    await using ground = await newSharedGround("updates");
    await step("a redeploy loses no request, at 10 a second", () => losesNothing(ground, 1, 10));
    await step("no app reaches another's web, Redis, database or files", () => reachesNoOther(ground));
    await step("two stacks that deploy to one server at once both succeed", () => bothSucceed(ground));
    await step("a rollback brings back image and settings", () => rollsBack(ground));
    const broken = "that gets healthy and then dies";
    await step(`an image ${broken} never takes over`, () => neverTakesOver(ground, broken));
});
