import assert from "node:assert/strict";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { readDiagnostics } from "../../../support/diagnostics.ts";
import type { Operator } from "../../../support/operator.ts";
import type { Finished } from "../../../support/participant.ts";
import { changesOf, type Listing, listBackups, listDeployed } from "../../../support/serverListing.ts";
import type { Site } from "../../../support/site.ts";
import type { TestServer } from "../../../support/testLab.ts";
import { appStack, type Ground } from "./ground.ts";
import { inDatabase } from "./participation.ts";

/** In front of the real pg_dump: what it writes loses its second half, as on a disk that is full, and it says all is well. */
const truncating = `#!/bin/sh
PATH=\${PATH#/usr/local/sbin:}
pg_dump "$@" >/tmp/whole && head -c "$(($(stat -c %s /tmp/whole) / 2))" /tmp/whole && rm /tmp/whole && : >/tmp/truncated`;

/** A backup that cannot be read back makes `destroy` refuse and keep everything; \`up\` brings the app back. */
export async function keepsAll(site: Site, { server }: Ground, operator: Operator, finished: Finished): Promise<void> {
    const app = new AppOnServer(server);
    const stack = operator.stack(appStack);
    const before = await listDeployed(server);
    const rows = await countRows(app);
    const recruitment = await stack.output("recruitment");

    await inPostgres(server, "cat >/usr/local/sbin/pg_dump && chmod 755 /usr/local/sbin/pg_dump", truncating);
    stack.printed = "";
    await stack.refusal(() => stack.destroy());
    const [error = "", ...more] = readDiagnostics(stack.printed);
    assert.deepEqual(more, []);
    assert.match(error, /the backup of recall could not be made and verified, so nothing is dropped/);
    assert.match(error, /Nothing has been removed but the site; `\.\/pulumi up` brings it back$/);
    await inPostgres(server, "rm /tmp/truncated /usr/local/sbin/pg_dump"); // fails if pg_dump was not the truncating one

    assert.deepEqual(changesOf(withoutSite(before), withoutSite(await listDeployed(server))), {});
    assert.deepEqual(await listBackups(server), []);
    assert.deepEqual(await countRows(app), rows);
    await assert.rejects(site.get("/robots.txt"));

    await stack.up();
    assert.equal((await site.get("/summary")).status, 200);
    await inDatabase(finished, app);
    assert.deepEqual(await countRows(app), rows);
    assert.equal(await stack.output("recruitment"), recruitment);
    assert.equal(await app.launches(), 0);
}

/** All but the site and what the refused destroy has noted below the app's log folder. */
function withoutSite({ sites: _, files = [], contents = [], ...rest }: Listing): Listing {
    const kept = (line: string) => !/\/caddy\/sites\/|\/apps\/recall\/log\//.test(line);
    return { ...rest, files: files.filter(kept), contents: contents.filter(kept) };
}

async function countRows(app: AppOnServer): Promise<readonly unknown[]> {
    const tables = ["participant", "node", "info", "question", "network", "notification"];
    return await app.query(tables.map((name) => `SELECT '${name}' AS name, count(*) FROM ${name}`).join(" UNION ALL "));
}

async function inPostgres(server: TestServer, script: string, input = ""): Promise<void> {
    const base64 = Buffer.from(`${input}\n`).toString("base64");
    await server.shell(
        `printf %s ${base64} | base64 -d | docker exec -i -u root dlgr-server-postgres sh -c '${script}'`,
    );
}
