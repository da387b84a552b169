import { test } from "node:test";
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

test("servers and apps that the former program has deployed are taken over", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround();
    const former = await step("the former program deploys, and somebody takes part", () => formerlyDeployed(ground));
    const now = await step("the operator takes the present program", () => ground.present());
    t.diagnostic(
        await step("`up` of the server restarts what the preview announces, and keeps every row", () =>
            takesServer(ground, now, former),
        ),
    );
    const announced = await step("`up` of an app restarts what the preview announces, and keeps every row", () =>
        takesApp(ground, now, former),
    );
    t.diagnostic(`restarted of the app: ${announced.join(", ") || "nothing"}`);
    await step("a second `up` changes nothing, and the study goes on", () => goesOn(ground, now, former));
    await step("`destroy` after an `up` that was killed right after the claim saves every row", () =>
        killedThenDestroyed(ground, now, former),
    );
    await step("`destroy` of an app that was never brought up since saves every row", () =>
        untouchedDestroyed(ground, now, former),
    );
    await step("the last app and the server are taken away", () => allTakenAway(ground, now));
});
