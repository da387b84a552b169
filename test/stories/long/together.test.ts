import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { bothSucceed, oneAtATime } from "../steps/interruptions/together.ts";
import { newSharedGround } from "../steps/releases/ground.ts";

test("deployments at the same time wait for each other, and all succeed", async (t) => {
    const step = stepsOf(t);
    await using ground = await newSharedGround("together");
    for (let time = 1; time <= 10; time++) {
        await step(`two stacks that deploy to one server at once both succeed, time ${time}`, () =>
            bothSucceed(ground),
        );
    }
    await step("two operators of one stack work one after the other", () => oneAtATime(ground));
});
