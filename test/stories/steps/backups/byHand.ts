import assert from "node:assert/strict";
import { basename } from "node:path";
import { Answering } from "../../../support/answering.ts";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { restoreBackup } from "../../../support/restoredBackup.ts";
import { listBackups } from "../../../support/serverListing.ts";
import type { Ground } from "../moving/ground.ts";

/** A backup is made while participants answer: none of them waits for it, and what was acknowledged before is in it. @returns its name. */
export async function savesWhileAnswering({ operator, from }: Ground): Promise<string> {
    const app = new AppOnServer(from.server);
    const before = await app.containers();
    await from.server.run("docker", "exec", await app.web(), "sh", "-c", "echo kept >/var/lib/dallinger/note");
    const answering = await Answering.start(from.site, 4);
    await answering.until(20);
    const acknowledged = [...answering.acknowledged];
    const made = await dallinger(operator, "recall", "backups", "make");
    assert.equal(made.exitCode, 0, made.stderr);
    assert.match(made.stderr, /^saving Redis, the database, files and logs, while recall works on$/m);
    const during = answering.acknowledged.length;
    await answering.until(during + 8);
    await answering.stop();
    assert.ok(during > acknowledged.length, "nobody has answered while the backup was made");
    assert.deepEqual(await app.containers(), before);
    const backup = made.stdout;
    assert.deepEqual(await listBackups(from.server), [backup]);
    await holds(from.server, backup, acknowledged);
    return backup;
}

async function holds(server: Ground["from"]["server"], backup: string, answers: readonly string[]): Promise<void> {
    await using restored = await restoreBackup(server, backup);
    const found = new Set((await restored.query("SELECT contents FROM info")).map(({ contents }) => contents));
    assert.deepEqual(
        answers.filter((answer) => !found.has(answer)),
        [],
    );
    const inBackup = (command: string) => server.shell(`cd /srv/dallinger/backups/${backup} && ${command}`);
    assert.equal(await inBackup("tar -xOf files.tar ./note"), "kept");
    await inBackup("test -s redis/dump.rdb && test -s launch.json && sha256sum --quiet --check SHA256SUMS");
}

/** The list says how it came to be. */
export async function isListed({ operator, from }: Ground, backup: string): Promise<void> {
    const listed = await dallinger(operator, from.stack, "backups", "list");
    assert.match(listed.stdout, new RegExp(`^${backup} +manual +\\S+ .B +only on the server$`, "m"));
}

/** A removal makes a backup of its own, and the app comes back with the one that was made while it worked, every row of it. */
export async function comesBackWith({ operator, stack, from }: Ground, backup: string): Promise<void> {
    const before = await listBackups(from.server);
    const left = await dallinger(operator, "recall", "leave", "--yes");
    assert.equal(left.exitCode, 0, left.stderr);
    assert.equal((await listBackups(from.server)).length, before.length + 1);
    await stack.configure({ "experiment.archive": basename(backup) });
    await stack.up();
    const rows = await from.server.run("cat", `/srv/dallinger/backups/${backup}/rows`);
    assert.match(rows, /^info [1-9]\d*$/m);
    const app = new AppOnServer(from.server);
    for (const [table = "", number] of rows.split("\n").map((line) => line.split(" "))) {
        const [counted] = await app.query(`SELECT count(*) AS n FROM "${table}"`);
        assert.equal(String(counted?.n), number, table);
    }
    const note = await from.server.run("docker", "exec", await app.web(), "cat", "/var/lib/dallinger/note");
    assert.equal(note, "kept");
    await stack.configure({ "experiment.archive": "" });
}
