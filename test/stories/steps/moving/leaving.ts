import assert from "node:assert/strict";
import { basename } from "node:path";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { type Finished, takePart } from "../../../support/participant.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { assertRefused } from "../../../support/refusal.ts";
import { changesOf, listBackups, listDeployed } from "../../../support/serverListing.ts";
import type { Ground } from "./ground.ts";
import { identityOf, leaveTraces } from "./sameApp.ts";
import { until } from "./until.ts";

/** The app and what it must be on the other server, too. */
export interface Moving {
    readonly identity: unknown;
    readonly finished: Finished;
}

/** Deploys the app to the first server, where somebody takes part. */
export async function runs(ground: Ground): Promise<Moving> {
    const { stack, from } = ground;
    await stack.up();
    const finished = await takePart(from.site, "worker-1", (words) => `${words.slice(0, 3).join("\n")}; naïve 🎈`);
    const app = new AppOnServer(from.server);
    await until(
        async () => (await app.query("SELECT id FROM participant WHERE status = 'approved'")).length === 1,
        "the participant to be approved",
    );
    await leaveTraces(from);
    return { identity: await identityOf(ground, from), finished };
}

/** A changed address moves nothing, and the refusal names the way. */
export async function staysWhenAddressChanges({ stack, from, to }: Ground): Promise<void> {
    await stack.configure({ "experiment.on.stack": to.stack });
    await assertRefused(stack, to.server, [
        "recall is not on this server, and this stack has deployed it before",
        "`./ops/dallinger leave` begins a move, and docs/moving.md says how it goes on",
    ]);
    await stack.configure({ "experiment.on.stack": from.stack });
}

/** Nothing of the app is left on its server but a backup, which the stack names. @returns the backup, `<app>/<time>`. */
export async function leaves({ operator, stack, from }: Ground): Promise<string> {
    const left = await dallinger(operator, "recall", "leave", "--yes");
    assert.equal(left.exitCode, 0, left.stdout + left.stderr);
    assert.deepEqual(changesOf(from.prepared, await listDeployed(from.server)), {});
    const [backup = "", ...others] = await listBackups(from.server);
    assert.deepEqual(others, []);
    assert.equal(await archiveOf(stack), basename(backup));
    assert.match(left.stdout, new RegExp(`its next \`up\` begins with the backup ${basename(backup)}\\.`));
    assert.match(left.stdout, /\.\/ops\/dallinger backups fetch --stack old$/m);
    const again = await dallinger(operator, "recall", "leave", "--yes");
    assert.deepEqual([again.exitCode, again.stderr], [1, "nothing of recall is on a server of this stack"]);
    return backup;
}

/** An app that has left never begins anew, which would launch it again: not when its backup is forgotten, nor half-way. */
export async function neverBeginsAnew({ operator, stack, from }: Ground, backup: string): Promise<void> {
    await stack.configure({ "experiment.archive": "" });
    await assertRefused(stack, from.server, [
        `this stack has had recall on this server, and its data are in the backup ${basename(backup)}`,
        `\`./pulumi config set --path 'dallinger:experiment.archive' ${basename(backup)}\``,
    ]);
    await stack.configure({ "experiment.archive": "leaving" });
    const { connections } = await assertRefused(stack, from.server, [
        "dallinger:experiment.archive: says that `./ops/dallinger leave` has begun and not ended: run it again",
    ]);
    assert.equal(connections, 0);
    const again = await dallinger(operator, "recall", "leave", "--yes");
    assert.equal(again.exitCode, 0, again.stderr);
    assert.equal(await archiveOf(stack), basename(backup));
}

async function archiveOf(stack: Ground["stack"]): Promise<string> {
    return (await stack.command(["config", "get", "--path", "dallinger:experiment.archive"])).trim();
}
