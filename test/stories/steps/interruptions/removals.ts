import assert from "node:assert/strict";
import { Answering } from "../../../support/answering.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import type { Ground } from "../releases/ground.ts";

/** What participants have sent before a removal, and a key in Redis. */
interface Before {
    readonly acknowledged: readonly string[];
    readonly key: string;
}

/** The connection is lost while the release goes, and the script goes on to its end: `up` says what to do, and everything comes back. */
export async function comesBackWithoutRelease(ground: Ground): Promise<void> {
    const before = await work(ground);
    await removeUnheard(ground, ["site"], ["release", "600"]);
    const error = await ground.stack.refusal(() => ground.stack.up());
    assert.match(
        error,
        /a removal of recall was broken off when its release had gone already: `\.\/ops\/dallinger mend`/,
    );
    const mend = await dallinger(ground.operator, "recall", "mend");
    assert.equal(mend.exitCode, 0, mend.stderr);
    await ground.stack.up();
    await isThere(ground, before);
}

/** The same while the database goes: it never begins with nothing. */
export async function comesBackWithoutDatabase(ground: Ground): Promise<void> {
    const before = await work(ground);
    await removeUnheard(ground, ["site"], ["release", "600"], ["database"]);
    const error = await ground.stack.refusal(() => ground.stack.up());
    const [, backup = ""] =
        /what that held is in the backup (\S+)\. `\.\/pulumi destroy` ends the removal/.exec(error) ?? [];
    assert.notEqual(backup, "", error);
    await ground.stack.configure({ "experiment.archive": backup });
    await ground.stack.up();
    await isThere(ground, before);
}

async function work({ site, server }: Ground): Promise<Before> {
    const answering = await Answering.start(site, 2);
    await answering.until(10);
    await answering.stop();
    const key = `answers-${answering.acknowledged.length}`;
    await server.shell(`${redis} SET drill ${key}`);
    return { acknowledged: answering.acknowledged, key };
}

const redis = "docker exec dlgr-app-recall-redis-1 redis-cli";

/** What `destroy` does on the server as long as it hears of it; of the last call the state learns nothing. */
async function removeUnheard({ stack, server }: Ground, ...calls: readonly (readonly string[])[]): Promise<void> {
    const heard = ["launch", "reach", ...calls.slice(0, -1).map(([part = ""]) => part)];
    const { deployment } = JSON.parse(await stack.command(["stack", "export"]));
    for (const part of heard) {
        const { urn } = deployment.resources.find(({ urn }: { urn: string }) => urn.endsWith(`::experiment-${part}`));
        await stack.command(["state", "delete", urn, "--yes"]);
    }
    for (const words of calls) await server.run("/srv/dallinger/apps/recall/bin/app", "remove", ...words);
}

async function isThere({ operator, site, server, app }: Ground, { acknowledged, key }: Before): Promise<void> {
    const check = await dallinger(operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
    assert.equal((await site.get("/summary")).status, 200);
    const found = new Set((await app.query("SELECT contents FROM info")).map(({ contents }) => contents));
    assert.deepEqual(
        acknowledged.filter((text) => !found.has(text)),
        [],
    );
    assert.equal((await server.shell(`${redis} GET drill`)).trim(), key);
    assert.equal(await app.launches(), 0, "it is launched once");
}
