import assert from "node:assert/strict";
import { basename } from "node:path";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { begin } from "../../../support/participant.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { listBackups } from "../../../support/serverListing.ts";
import type { Ground } from "../moving/ground.ts";
import type { Moving } from "../moving/leaving.ts";
import { identityOf } from "../moving/sameApp.ts";
import { configureStore, inRepository } from "./inStore.ts";
import { objectStore } from "./objectStore.ts";

/** What is in an app beside its address: an app without a host name of its own changes that with its server. */
async function sameOf(ground: Ground, place: Ground["from"]): Promise<string> {
    return JSON.stringify(await identityOf(ground, place));
}

/** The server is lost. Another one, which has never seen the app, begins with the backup out of the repository. */
export async function comesBackElsewhere(ground: Ground, { finished }: Moving, backup: string): Promise<void> {
    const { stack, from, to } = ground;
    const before = await sameOf(ground, from);
    await from.server.run("systemctl", "stop", "ssh.socket", "ssh.service", "docker.socket", "docker.service");
    await stack.command(["state", "delete", await urnOf(stack, "experiment-claim"), "--target-dependents", "--yes"]);
    await stack.configure({ "experiment.on.stack": to.stack, "experiment.archive": basename(backup) });
    await stack.up();
    assert.equal(await sameOf(ground, to), before);
    assert.deepEqual(await listBackups(to.server), [backup]);
    assert.equal(await new AppOnServer(to.server).launches(), 0);
    const next = await begin(to.site, "worker-after");
    assert.ok(next.id > finished.id, "ids go on where they were");
}

async function urnOf(stack: Ground["stack"], name: string): Promise<string> {
    const { resources } = JSON.parse(await stack.command(["stack", "export"])).deployment;
    const found = resources.find(({ urn }: { urn: string }) => urn.endsWith(`::${name}`));
    return found.urn;
}

/** Its last backup goes there too, before anything is removed; and the app comes back from the other repository as well. */
export async function leavesAndReturns(ground: Ground, backup: string): Promise<void> {
    const { stack, operator, to } = ground;
    const known = await inRepository(ground);
    const left = await dallinger(operator, "recall", "leave", "--yes");
    assert.equal(left.exitCode, 0, left.stderr);
    const last = (await listBackups(to.server)).at(-1) ?? "";
    const listed = await dallinger(operator, to.stack, "backups", "list");
    assert.match(listed.stdout, new RegExp(`^${last} +final +\\S+ .?B +in the repository$`, "m"));
    assert.ok(!known.includes(last));
    await to.server.shell(`rm -rf /srv/dallinger/backups/recall/*`);
    await configureStore(ground, await objectStore());
    await stack.configure({
        "experiment.archive": basename(backup),
        "experiment.backup.repository.hostKey": "",
        "experimentSecrets.backupPrivateKey": "",
    });
    await stack.up();
    assert.deepEqual(await listBackups(to.server), [backup]);
    const [{ n } = { n: 0 }] = await new AppOnServer(to.server).query(
        "SELECT count(*) AS n FROM participant WHERE status = 'approved'",
    );
    assert.equal(n, 1);
}
