import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { Answering } from "../../../support/answering.ts";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { listBackups } from "../../../support/serverListing.ts";
import type { TestServer } from "../../../support/testLab.ts";
import type { Ground } from "../moving/ground.ts";

/** Each is killed at so many moments, in turn where it was called and on the server. */
const kills = 10;

/** What is killed: a command, and how the command line of its script on the server begins. */
interface Killed {
    readonly operator: Ground["operator"];
    readonly server: TestServer;
    readonly args: readonly string[];
    readonly there: string;
}

/** Starts a command, and kills it after some milliseconds: with an odd seed here, with an even one there. */
async function killAfter({ operator, server, args, there }: Killed, milliseconds: number, seed: number): Promise<void> {
    const options = { cwd: operator.folder, env: { ...operator.stack("recall").environment }, reject: false } as const;
    const running = execa(join(operator.folder, "ops/dallinger"), [...args, "--stack", "recall"], options);
    await setTimeout(milliseconds);
    if (seed % 2 === 1) running.kill("SIGKILL");
    else await killThere(server, there);
    await running;
}

async function killThere(server: TestServer, commandLine: string): Promise<void> {
    await server.shell(`pkill -KILL -f '^${commandLine}' || :`); // it may not have begun, or have ended
}

/** Everything that has a backup's name is whole. */
async function allAreWhole(server: TestServer): Promise<void> {
    const check =
        "for backup in /srv/dallinger/backups/recall/[0-9]*; do [ ! -e $backup ] || (cd $backup && sha256sum --quiet --strict --check SHA256SUMS) || exit 1; done";
    await server.shell(check);
}

async function leftovers(server: TestServer): Promise<string> {
    return await server.shell("cd /srv/dallinger/backups/recall && ls -A | grep '^[.]' || true");
}

/** `backups make` is killed while participants answer: none of them notices, and nothing half is left under a name. */
export async function killsBackups({ operator, from }: Ground): Promise<readonly string[]> {
    const killed: Killed = {
        operator,
        server: from.server,
        args: ["backups", "make"],
        there: "/bin/sh /srv/dallinger/apps/recall/bin/app backup",
    };
    const answering = await Answering.start(from.site, 2);
    const began = performance.now();
    assert.equal((await dallinger(operator, "recall", ...killed.args)).exitCode, 0);
    const whole = performance.now() - began;
    for (let seed = 1; seed <= kills; seed++) {
        await killAfter(killed, (whole / (kills + 1)) * seed, seed);
        await allAreWhole(from.server);
    }
    const before = answering.acknowledged.length;
    await answering.until(before + 5);
    await answering.stop();
    const made = await dallinger(operator, "recall", "backups", "make");
    assert.equal(made.exitCode, 0, made.stderr);
    assert.equal(await leftovers(from.server), "");
    assert.ok((await listBackups(from.server)).includes(made.stdout));
    return answering.acknowledged;
}

/** Nothing of the app is left on its server but backups. @returns the folder of the copy of the last one. */
export async function leavesWith({ operator, from }: Ground): Promise<string> {
    const left = await dallinger(operator, "recall", "leave", "--yes");
    assert.equal(left.exitCode, 0, left.stderr);
    const last = (await listBackups(from.server)).at(-1) ?? "";
    const fetched = await dallinger(operator, from.stack, "backups", "fetch", "--to", "fetched");
    assert.equal(fetched.exitCode, 0, fetched.stderr);
    return join(operator.folder, "fetched", from.server.address, last);
}

/** `restore` is killed on its way to another server: nothing half is left under a name, and the same again ends it. */
export async function killsRestores({ operator, stack, to }: Ground, folder: string): Promise<void> {
    await stack.configure({ "experiment.on.stack": to.stack });
    const killed: Killed = {
        operator,
        server: to.server,
        args: ["restore", folder],
        there: "/bin/sh /srv/dallinger/server/bin/server upload",
    };
    const began = performance.now();
    assert.equal((await dallinger(operator, "recall", ...killed.args)).exitCode, 0);
    const whole = performance.now() - began;
    for (let seed = 1; seed <= kills; seed++) {
        await to.server.shell("rm -rf /srv/dallinger/backups/recall/[0-9]*");
        await killAfter(killed, (whole / (kills + 1)) * seed, seed);
        await allAreWhole(to.server);
    }
    const sent = await dallinger(operator, "recall", ...killed.args);
    assert.equal(sent.exitCode, 0, sent.stderr);
    await allAreWhole(to.server);
    assert.equal(await leftovers(to.server), "");
}

/** The app begins there with what was sent, and has every answer that was acknowledged before it left. */
export async function beginsThere({ stack, to }: Ground, acknowledged: readonly string[]): Promise<void> {
    await stack.up();
    const rows = await new AppOnServer(to.server).query("SELECT contents FROM info");
    const found = new Set(rows.map(({ contents }) => contents));
    assert.deepEqual(
        acknowledged.filter((answer) => !found.has(answer)),
        [],
    );
}
