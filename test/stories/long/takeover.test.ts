import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { newGround } from "../steps/takeover/ground.ts";
import {
    allTakenAway,
    formerlyDeployed,
    goesOn,
    killedThenDestroyed,
    takesApp,
    takesServer,
    untouchedDestroyed,
} from "../steps/takeover/story.ts";

/** Programs whose servers and apps every later one has to take over, and whether that restarts anything. */
const programs = [
    { commit: "63c5a952b4fb3a771f8980f7fbe1a115f1b9df4b", restarts: true },
    { commit: "87d27a2cad7230b407e2a29c8e92a0959634c09f", restarts: false },
];

for (const { commit, restarts } of programs) {
    test(`servers and apps that the program ${commit.slice(0, 7)} has deployed are taken over`, async (t) => {
        await takeOver(t, commit, restarts);
    });
}

async function takeOver(t: TestContext, commit: string, restarts: boolean): Promise<void> {
    const step = stepsOf(t);
    await using ground = await newGround(commit);
    const former = await step("the former program deploys, and somebody takes part", () => formerlyDeployed(ground));
    const now = await step("the operator takes the present program", () => ground.present());
    const { told, changed } = await step(
        "`up` of the server restarts what the preview announces, and keeps every row",
        () => takesServer(ground, now, former),
    );
    t.diagnostic(told);
    const announced = await step("`up` of an app restarts what the preview announces, and keeps every row", () =>
        takesApp(ground, now, former),
    );
    t.diagnostic(`restarted of the app: ${announced.join(", ") || "nothing"}`);
    if (!restarts) assert.deepEqual([...changed, ...announced], []);
    await step("a second `up` changes nothing, and the study goes on", () => goesOn(ground, now, former));
    await step("`destroy` after an `up` that was killed right after the claim saves every row", () =>
        killedThenDestroyed(ground, now, former),
    );
    await step("`destroy` of an app that was never brought up since saves every row", () =>
        untouchedDestroyed(ground, now, former),
    );
    await step("the last app and the server are taken away", () => allTakenAway(ground, now));
}
