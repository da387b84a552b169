import assert from "node:assert/strict";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { countConnections } from "../../../support/connections.ts";
import { begin } from "../../../support/participant.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { changesOf, listBackups, listDeployed } from "../../../support/serverListing.ts";
import { inDatabase } from "../deployment/participation.ts";
import type { Ground } from "./ground.ts";
import type { Moving } from "./leaving.ts";
import { identityOf } from "./sameApp.ts";

/** The app on the second server is the one that has left the first: nothing is lost, and nothing launched. */
export async function isTheSame(ground: Ground, { identity, finished }: Moving): Promise<void> {
    const { operator, stack, to } = ground;
    await stack.up();
    assert.deepEqual(await identityOf(ground, to), identity);
    assert.equal(await new AppOnServer(to.server).launches(), 0);
    const check = await dallinger(operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
    assert.equal(await stack.output("url"), `https://${to.site.hostname}`);
    assert.equal((await to.site.get("/summary")).status, 200);
    const exit = await to.site.get(`/recruiter-exit?participant_id=${finished.id}`);
    assert.match(exit.body, /Thank you/);
}

/** A second `up` finds nothing to do and asks no server. */
export async function changesNothing({ stack, to }: Ground): Promise<void> {
    assert.equal(await countConnections(to.server, () => stack.up()), 0);
    assert.deepEqual(stack.changed, []);
}

/** Others take part; what the stack's archive says from now on changes nothing. */
export async function goesOn(ground: Ground, { finished }: Moving): Promise<void> {
    const { stack, to } = ground;
    const app = new AppOnServer(to.server);
    const next = await begin(to.site, "worker-2");
    assert.ok(next.id > finished.id && next.node > finished.node, "ids go on where they were");
    const before = { identity: await identityOf(ground, to), containers: await app.containers() };
    for (const archive of ["20200101T000000Z", ""]) {
        await stack.configure({ "experiment.archive": archive });
        await stack.up();
        assert.deepEqual(stack.changed.toSorted(), ["experiment", "experiment-claim", "experiment-database"]);
        assert.deepEqual({ identity: await identityOf(ground, to), containers: await app.containers() }, before);
    }
    await inDatabase(finished, app);
}

/** `destroy` takes it away from there as from anywhere, and both servers can be given back. */
export async function isTakenAway({ operator, stack, from, to }: Ground, backup: string): Promise<void> {
    assert.deepEqual(changesOf(from.prepared, await listDeployed(from.server)), {});
    assert.deepEqual(await listBackups(from.server), [backup]);
    await stack.destroy();
    assert.deepEqual(changesOf(to.prepared, await listDeployed(to.server)), {});
    const backups = await listBackups(to.server);
    assert.ok(backups.length === 2 && backups.includes(backup), backups.join(" "));
    await operator.stack(from.stack).destroy();
}
