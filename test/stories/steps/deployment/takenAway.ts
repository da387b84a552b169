import assert from "node:assert/strict";
import { Answering } from "../../../support/answering.ts";
import { AppOnServer } from "../../../support/appOnServer.ts";
import type { Operator } from "../../../support/operator.ts";
import type { Finished } from "../../../support/participant.ts";
import { restoreBackup } from "../../../support/restoredBackup.ts";
import { changesOf, type Listing, listBackups, listDeployed } from "../../../support/serverListing.ts";
import type { Site } from "../../../support/site.ts";
import type { TestServer } from "../../../support/testLab.ts";
import { appStack, type Ground } from "./ground.ts";

/** What participants had acknowledged when the app was taken away from under them. */
export type Acknowledged = Pick<Answering, "acknowledged" | "finished">;

/** Destroys the app while participants go on answering until they are refused. */
export async function destroyAnswering(site: Site, { server }: Ground, operator: Operator): Promise<Acknowledged> {
    const web = await new AppOnServer(server).web();
    await server.run("docker", "exec", web, "sh", "-c", "echo kept >/var/lib/dallinger/note");
    const answering = await Answering.start(site, 4);
    await answering.until(40);
    const before = answering.acknowledged.length;
    await operator.stack(appStack).destroy();
    await answering.stop();
    assert.ok(answering.acknowledged.length > before, "nobody has answered while the app was being destroyed");
    assert.deepEqual(
        [...answering.last.values()].filter((last) => last === "acknowledged"),
        [],
    );
    return answering;
}

/** Everything that was acknowledged is in the one backup, in the dump as in the CSV files. @returns the backup's name. */
export async function holdsEverything(
    { server }: Ground,
    { acknowledged, finished }: Acknowledged,
    earlier: Finished,
): Promise<string> {
    const [backup = "", ...others] = await listBackups(server);
    assert.deepEqual(others, []);
    assert.match(backup, /^recall\/\d{8}T\d{6}Z$/);
    const answers = [...acknowledged, earlier.answer];
    await using restored = await restoreBackup(server, backup);
    const found = new Set((await restored.query("SELECT contents FROM info")).map(({ contents }) => contents));
    assert.deepEqual(
        answers.filter((answer) => !found.has(answer)),
        [],
    );
    const approved = await restored.query("SELECT id FROM participant WHERE status = 'approved'");
    const ids = new Set(approved.map(({ id }) => id));
    assert.deepEqual(
        [...finished, earlier.id].filter((id) => !ids.has(id)),
        [],
    );
    await holdsTheRest(server, backup, answers);
    return backup;
}

async function holdsTheRest(server: TestServer, backup: string, answers: readonly string[]): Promise<void> {
    const inBackup = (command: string) => server.shell(`cd /srv/dallinger/backups/${backup} && ${command}`);
    const csv = (await inBackup("cat tables/info.csv")).replaceAll('""', '"');
    assert.deepEqual(
        answers.filter((answer) => !csv.includes(answer)),
        [],
    );
    assert.equal(await inBackup("tar -xOf files.tar ./note"), "kept");
    assert.match(await inBackup("cat logs/web.log"), /POST \/info\//);
    assert.match(await inBackup("cat release.json"), /"recall_words": "5"/);
    await inBackup("test -s redis/dump.rdb && test -s launch.json && sha256sum --quiet --check SHA256SUMS");
}

/** The server is what it was before the app. */
export async function leavesNothing({ server }: Ground, prepared: Listing): Promise<void> {
    assert.deepEqual(changesOf(prepared, await listDeployed(server)), {});
}
