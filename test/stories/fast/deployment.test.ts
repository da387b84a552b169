import { test } from "node:test";
import { listMachine } from "../../support/serverListing.ts";
import { attack, hasGotNowhere, isSaved } from "../steps/attack/attack.ts";
import { opensShellAndDatabase, restarts, runsPrograms, startsCompiled } from "../steps/deployment/attended.ts";
import { logsInToDashboard } from "../steps/deployment/dashboard.ts";
import { deploy, prepare, verifies } from "../steps/deployment/fromNothing.ts";
import { newGround } from "../steps/deployment/ground.ts";
import { tellsAll } from "../steps/deployment/looking.ts";
import { launchedOnce, participate, refusesLaunch } from "../steps/deployment/participation.ts";
import { becomesBare, fetchesBackup, refusesUnfetched, refusesWithApp } from "../steps/deployment/serverGone.ts";
import { changesSettings } from "../steps/deployment/settingsOnly.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import { destroyAnswering, holdsEverything, leavesNothing } from "../steps/deployment/takenAway.ts";
import { keepsAll } from "../steps/deployment/truncatedBackup.ts";
import { changesNothing, newColleague } from "../steps/deployment/unchanged.ts";

test("an experiment's whole life, on a server that has nothing but sshd before and after", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround();
    const bare = await listMachine(ground.server);
    const prepared = await step("`up` prepares the bare server", () => prepare(ground));
    const site = await step("`up` deploys an app with five ssh connections at most", () => deploy(ground));
    await step("the site's certificate is of the server's own CA", () => verifies(site, ground));
    await step("`up` has launched the experiment, once", () => launchedOnce(site, ground));
    const finished = await step("a participant's answers are in the database", () => participate(site, ground));
    await step("Python starts with everything compiled", () => startsCompiled(ground));
    await step("programs run in the app, and end with who attends to them", () => runsPrograms(ground));
    await step("a shell opens at a terminal, and the database for reading", () => opensShellAndDatabase(ground));
    await step("how the app is, and what it has logged, is told by one connection each", () => tellsAll(site, ground));
    await step("the dashboard opens with its user and password only", () => logsInToDashboard(site, ground));
    await step("/launch is refused from outside, however it is written", () => refusesLaunch(site, ground));
    await step("a restart has another web take over while requests come", () => restarts(site, ground));
    await step("a second `up` changes nothing and asks no server", () => changesNothing(ground, ground.operator));
    await using colleague = await step("another operator sets up a checkout", () => newColleague(ground));
    await step("that operator's `up` changes nothing either", () => changesNothing(ground, colleague));
    await step("the experiment attacks the server's PostgreSQL", () => attack(ground.server));
    await step("other settings replace the containers that read them, and no others", () =>
        changesSettings(site, ground, colleague, finished),
    );
    await step("a release gives an experiment no superuser's rights", () => hasGotNowhere(ground.server));
    await step("a server with an app on it is not taken away", () => refusesWithApp(ground));
    await step("a truncated backup makes `destroy` keep everything", () => keepsAll(site, ground, colleague, finished));
    const acknowledged = await step("`destroy` ends the app while participants are answering", () =>
        destroyAnswering(site, ground, colleague),
    );
    const backup = await step("every acknowledged answer is in the backup", () =>
        holdsEverything(ground, acknowledged, finished),
    );
    await step("a backup gives an experiment no superuser's rights, and holds its tables", async () => {
        await hasGotNowhere(ground.server);
        await isSaved(ground.server, backup);
    });
    await step("nothing of the app is left on the server", () => leavesNothing(ground, prepared));
    await step("a server whose backup nobody has fetched is not taken away", () => refusesUnfetched(ground, backup));
    await step("a backup is fetched when all its sums are right", () => fetchesBackup(ground, backup));
    await step("`destroy` leaves the bare server and the fetched backups", () => becomesBare(ground, bare));
});
