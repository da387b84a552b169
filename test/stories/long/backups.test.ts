import { test } from "node:test";
import { comesBackWith, isListed, savesWhileAnswering } from "../steps/backups/byHand.ts";
import {
    comesBackToSchedule,
    endsSchedule,
    keepsTheLast,
    refusesNoTime,
    savesByItself,
    tellsOfFailure,
} from "../steps/backups/scheduled.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import { newGround } from "../steps/moving/ground.ts";
import { runs } from "../steps/moving/leaving.ts";

test("an app is saved while it works, by hand and by a schedule, and comes back from that", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("backups");
    await step("an app runs and somebody takes part", () => runs(ground));
    const backup = await step("a backup is made while participants answer", () => savesWhileAnswering(ground));
    await step("it is listed with how it came to be", () => isListed(ground, backup));
    await step("a schedule that is none is refused, and nothing changes", () => refusesNoTime(ground));
    await step("the server makes backups by itself, and no container restarts for it", () => savesByItself(ground));
    await step("so many of them stay, and the one by hand", () => keepsTheLast(ground, backup));
    await step("one that cannot be made is noticed", () => tellsOfFailure(ground));
    await step("a timer that was stopped is seen, and comes back", () => comesBackToSchedule(ground));
    await step("the schedule ends with its configuration", () => endsSchedule(ground));
    await step("the app comes back with the backup by hand", () => comesBackWith(ground, backup));
});
