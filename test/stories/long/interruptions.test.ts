import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import {
    comesBackByItself,
    dockerRestarted,
    networkCut,
    scriptKilled,
    serverRebooted,
} from "../steps/interruptions/disturbances.ts";
import {
    keepsWhatItCannotSave,
    refusesToFill,
    survivesFullBackups,
    survivesFullDisk,
} from "../steps/interruptions/fullDisk.ts";
import { comesBackWithoutDatabase, comesBackWithoutRelease } from "../steps/interruptions/removals.ts";
import { newGround } from "../steps/releases/ground.ts";

test("`up` again converges, whatever has interrupted it, and nothing is lost", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("interruptions");
    await step("the script on the server is killed", () => scriptKilled(ground));
    await step("the network is cut", () => networkCut(ground));
    await step("docker restarts", () => dockerRestarted(ground));
    await step("the server reboots in the middle", () => serverRebooted(ground));
    await step("after a reboot everything comes back by itself", () => comesBackByItself(ground));
    await step("an image is not pulled where there is too little room", () => refusesToFill(ground));
    await step("a full disk leaves the release before serving", () => survivesFullDisk(ground));
    await step("a backup without room keeps the app", () => keepsWhatItCannotSave(ground));
    await step("a disk that gets full at any step of a backup keeps the app", () => survivesFullBackups(ground));
    await step("what a lost removal of the release has taken comes back", () => comesBackWithoutRelease(ground));
    await step("what a lost removal of the database has taken comes back", () => comesBackWithoutDatabase(ground));
});
