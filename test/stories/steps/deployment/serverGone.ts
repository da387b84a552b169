import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { ListedBackup } from "../../../../ops/listedBackups.ts";
import { readDiagnostics } from "../../../support/diagnostics.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { changesOf, type Listing, listDeployed, listMachine } from "../../../support/serverListing.ts";
import { type Ground, serverStack } from "./ground.ts";

/** While an app is on it, the server stays, and `up` finds everything as it was. */
export async function refusesWithApp({ server, operator }: Ground): Promise<void> {
    const before = await listDeployed(server);
    assert.match(await refusedDestroy(operator.stack(serverStack)), /apps are still on this server: recall\b/);
    assert.deepEqual(changesOf(before, await listDeployed(server)), {});
    await operator.stack(serverStack).up();
    assert.deepEqual(changesOf(before, await listDeployed(server)), {});
}

/** While a backup is on this server only, the server stays, and the refusal names it. */
export async function refusesUnfetched({ server, operator }: Ground, backup: string): Promise<void> {
    const before = await listDeployed(server);
    const error = await refusedDestroy(operator.stack(serverStack));
    assert.match(error, new RegExp(`backups that exist only on this server: ${backup} - fetch them with`));
    assert.deepEqual(changesOf(before, await listDeployed(server)), {});
}

/** A copy counts as fetched when all its sums are right, and not before. */
export async function fetchesBackup({ server, operator }: Ground, backup: string): Promise<void> {
    const there = `/srv/dallinger/backups/${backup}`;
    const copy = join(operator.folder, "fetched", server.address, backup);
    const ops = (...args: string[]) => dallinger(operator, serverStack, "backups", ...args);
    const listed = async () =>
        JSON.parse((await ops("list", "--json")).stdout).map(({ path, kind, fetched }: ListedBackup) => [
            path,
            kind,
            fetched,
        ]);
    assert.deepEqual(await listed(), [[backup, "final", false]]);

    await server.shell(
        `cp -p ${there}/database.dump /root/ && printf x | dd of=${there}/database.dump bs=1 seek=1000 conv=notrunc status=none`,
    );
    const refused = await ops("fetch", "--to", "fetched");
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /database\.dump is not what its checksum says; nothing is marked as fetched/);
    assert.deepEqual(await listed(), [[backup, "final", false]]);
    assert.equal(existsSync(copy), false);
    await server.shell(`mv /root/database.dump ${there}/database.dump`);

    const fetched = await ops("fetch", "--to", "fetched");
    assert.deepEqual([fetched.exitCode, fetched.stdout], [0, copy]);
    await execa("sha256sum", ["--quiet", "--check", "--strict", "SHA256SUMS"], { cwd: copy });
    const { stdout: sums } = await execa("cat", ["SHA256SUMS"], { cwd: copy });
    assert.equal(sums, await server.run("cat", `${there}/SHA256SUMS`));
    assert.deepEqual(await listed(), [[backup, "final", true]]);
}

/** The bare server again, but for the backups that were fetched. */
export async function becomesBare({ server, operator }: Ground, bare: Listing): Promise<void> {
    await operator.stack(serverStack).destroy();
    assert.deepEqual(changesOf(bare, await listMachine(server)), {});
    assert.equal(await server.shell("command -v docker || echo gone"), "gone");
    assert.equal(
        await server.shell("ls /srv/dallinger /var/lib/dallinger 2>/dev/null || true"),
        "/srv/dallinger:\nbackups",
    );
}

async function refusedDestroy(stack: ReturnType<Ground["operator"]["stack"]>): Promise<string> {
    stack.printed = "";
    await stack.refusal(() => stack.destroy());
    const [error = "", ...more] = readDiagnostics(stack.printed);
    assert.deepEqual(more, []);
    return error;
}
