import { test } from "node:test";
import { bareServer } from "../../support/testLab.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import { newGround } from "../steps/moving/ground.ts";
import { runs } from "../steps/moving/leaving.ts";
import { sendsScheduled } from "../steps/offServer/bySchedule.ts";
import { comesBackElsewhere, leavesAndReturns } from "../steps/offServer/elsewhere.ts";
import { missesStore, opensStore, refusesClosed, sendsAway } from "../steps/offServer/inStore.ts";
import { newKeeper, refusesStranger, sendsAll } from "../steps/offServer/otherHost.ts";

test("an app's backups are kept off its server, and bring it back elsewhere", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("away");
    await using host = await bareServer("keeping");
    const moving = await step("an app runs and somebody takes part", () => runs(ground));
    await step("a repository that does not open is refused, and the app goes on", () => refusesClosed(ground));
    await step("one in a store of S3 is made, and nothing restarts for it", () => opensStore(ground));
    const first = await step("a backup goes there, without a secret among arguments", () => sendsAway(ground));
    const sent = await step("what it has missed goes there with the next", () => missesStore(ground, first));
    const keeper = await step("another host has a user who keeps backups", () => newKeeper(host));
    await step("a host with another key gets nothing", () => refusesStranger(ground, keeper));
    await step("that host gets all of them by sftp", () => sendsAll(ground, keeper, sent));
    const last = await step("what the schedule saves goes there, too", () => sendsScheduled(ground));
    await step("the server is lost, and another one begins with what the host has", () =>
        comesBackElsewhere(ground, moving, last),
    );
    await step("the app leaves, and comes back from the store of S3", () =>
        leavesAndReturns(ground, sent.at(-1) ?? ""),
    );
});
