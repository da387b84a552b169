import { test } from "node:test";
import { attack, hasGotNowhere, isSaved } from "../steps/attack/attack.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import { changesNothing, goesOn, isTakenAway, isTheSame } from "../steps/moving/arriving.ts";
import { newGround } from "../steps/moving/ground.ts";
import { killedAtDatabase, killedAtRedis } from "../steps/moving/interrupted.ts";
import { leaves, neverBeginsAnew, runs, staysWhenAddressChanges } from "../steps/moving/leaving.ts";
import { fetches, keepsDamagedCopy, needsItsBackup, refusesDamaged, sends } from "../steps/moving/sending.ts";

test("an app moves to another server and stays what it was", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("moving");
    const moving = await step("an app runs and somebody takes part", () => runs(ground));
    await step("it attacks the PostgreSQL that it shares", () => attack(ground.from.server));
    await step("a changed address does not move it", () => staysWhenAddressChanges(ground));
    const backup = await step("`leave` takes it off its server, its data saved first", () => leaves(ground));
    await step("the backup gives it no superuser's rights, and holds its tables", async () => {
        await hasGotNowhere(ground.from.server);
        await isSaved(ground.from.server, backup);
    });
    await step("after that it never begins anew", () => neverBeginsAnew(ground, backup));
    const folder = await step("the backup is fetched", () => fetches(ground, backup));
    await step("it does not begin where its backup is not", () => needsItsBackup(ground, backup));
    await step("a copy that has changed is not sent", () => keepsDamagedCopy(ground, folder));
    await step("`restore` sends the backup", () => sends(ground, folder, backup));
    await step("a backup that is damaged on the server is not restored", () => refusesDamaged(ground, folder, backup));
    await step("the restore is killed at the database", () => killedAtDatabase(ground, backup));
    await step("the restore is killed at Redis", () => killedAtRedis(ground));
    await step("`up` brings back the same app, and does not launch it", () => isTheSame(ground, moving));
    await step("the restore gives it no superuser's rights", () => hasGotNowhere(ground.to.server));
    await step("a second `up` changes nothing and asks no server", () => changesNothing(ground));
    await step("the study goes on, and its archive matters no more", () => goesOn(ground, moving));
    await step("`destroy` takes it away, and the old server can go", () => isTakenAway(ground, backup));
});
