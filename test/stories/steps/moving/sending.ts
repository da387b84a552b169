import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dallinger } from "../../../support/projectCommand.ts";
import { assertRefused } from "../../../support/refusal.ts";
import { listBackups } from "../../../support/serverListing.ts";
import { assertUnchanged } from "../../../support/serverState.ts";
import type { Ground } from "./ground.ts";

/** Fetches the backup from the first server. @returns its folder. */
export async function fetches({ operator, from }: Ground, backup: string): Promise<string> {
    const fetched = await dallinger(operator, from.stack, "backups", "fetch", "--to", "fetched");
    assert.deepEqual(
        [fetched.exitCode, fetched.stdout],
        [0, join(operator.folder, "fetched", from.server.address, backup)],
    );
    return fetched.stdout;
}

/** Where the backup is not, nothing is made. */
export async function needsItsBackup({ stack, to }: Ground, backup: string): Promise<void> {
    await stack.configure({ "experiment.on.stack": to.stack });
    await assertRefused(stack, to.server, [
        `the backup ${backup} that recall is to begin with (dallinger:experiment.archive) is not on this server`,
        "`./ops/dallinger restore FOLDER` sends the copy there that `./ops/dallinger backups fetch` has made",
    ]);
}

/** A copy that has changed is not sent. */
export async function keepsDamagedCopy({ operator, to }: Ground, folder: string): Promise<void> {
    const file = join(folder, "database.dump");
    const right = await readFile(file);
    await writeFile(file, right.with(1000, (right[1000] ?? 0) ^ 1));
    const refused = await assertUnchanged(to.server, () => dallinger(operator, "recall", "restore", folder));
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /database\.dump is not what its checksum says; nothing is sent$/);
    await writeFile(file, right);
}

/** The backup is on the second server, and counts as fetched there. */
export async function sends({ operator, to }: Ground, folder: string, backup: string): Promise<void> {
    for (const _ of ["once", "and once more, which changes nothing"]) {
        const sent = await dallinger(operator, "recall", "restore", folder);
        assert.equal(sent.exitCode, 0, sent.stderr);
        assert.match(sent.stdout, /^the next `\.\/pulumi up` has recall begin with its backup \S+ on [\d.]+$/);
        assert.deepEqual(await listBackups(to.server), [backup]);
    }
    const listed = await dallinger(operator, to.stack, "backups", "list", "--json");
    const [{ path, kind, fetched }, ...others] = JSON.parse(listed.stdout);
    assert.deepEqual([path, kind, fetched, others], [backup, "final", true, []]);
}

/** What is damaged on the server is not restored, nothing is made, and the copy mends it. */
export async function refusesDamaged({ operator, stack, to }: Ground, folder: string, backup: string): Promise<void> {
    const dump = `/srv/dallinger/backups/${backup}/database.dump`;
    await to.server.shell(`printf x | dd of=${dump} bs=1 seek=1000 conv=notrunc status=none`);
    await assertRefused(stack, to.server, [
        `the backup ${backup} that recall is to begin with is damaged`,
        "`./ops/dallinger restore FOLDER` sends the copy there",
    ]);
    const sent = await dallinger(operator, "recall", "restore", folder);
    assert.equal(sent.exitCode, 0, sent.stderr);
    await to.server.shell(`cd $(dirname ${dump}) && sha256sum --quiet --check SHA256SUMS`);
}
