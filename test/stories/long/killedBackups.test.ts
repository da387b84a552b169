import { test } from "node:test";
import { beginsThere, killsBackups, killsRestores, leavesWith } from "../steps/backups/killed.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import { newGround } from "../steps/moving/ground.ts";
import { runs } from "../steps/moving/leaving.ts";

test("backups and their restoration are killed at any moment, and no half one has a name", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("killed");
    await step("an app runs and somebody takes part", () => runs(ground));
    const acknowledged = await step("a backup is killed while participants answer", () => killsBackups(ground));
    const folder = await step("the app leaves, and its last backup is fetched", () => leavesWith(ground));
    await step("sending it to another server is killed", () => killsRestores(ground, folder));
    await step("the app begins there with every answer", () => beginsThere(ground, acknowledged));
});
