import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { occupy, until } from "./appOnServer.ts";
import { appToRemove, removal } from "./appToRemove.ts";

suite("an app whose first release has failed", { skip: process.platform !== "linux" }, () => {
    // The release is in no state: the first that `destroy` calls is the removal of the database.
    for (const words of [["database"], ["database", "5"]]) {
        test(`is removed by the removal of its ${words.join(" ")}, which saves what there is itself`, async () => {
            await using server = await appToRemove();
            const { app } = server;
            const { exitCode, stderr } = await server.remove(...words);
            assert.equal(exitCode, 0, stderr);
            assert.ok(existsSync(join(app.root, "backups/recall/20260101T120000Z")));
            assert.equal(await app.read("backup"), join(app.root, "backups/recall/20260101T120000Z"));
            assert.deepEqual(await server.left(), ["containers"]);
            assert.equal(await readFile(server.state("containers"), "utf8"), "");
            const rest = await server.remove("all", "5");
            assert.equal(rest.exitCode, 0, rest.stderr);
            assert.deepEqual(await readdir(join(app.root, "apps")), []);
        });
    }

    test("loses the image, too, that was brought for it", async () => {
        await using server = await appToRemove();
        const { app } = server;
        await app.put("image-wanted", "sha256:12");
        assert.equal((await server.remove("database")).exitCode, 0);
        assert.ok((await app.calls()).includes("image rm sha256:12"));
    });
});

suite("a removal", { skip: process.platform !== "linux" }, () => {
    for (const name of ["..", "Recall", "-recall", "recall_", "a b"]) {
        test(`takes nothing away of an app that is called ${JSON.stringify(name)}`, async () => {
            await using server = await appToRemove();
            const { app } = server;
            const other = await app.beside(name);
            const run = await other.start(...removal("all", "5"));
            assert.equal(run.exitCode, 1);
            assert.match(run.stderr, /cannot be the name of an app|is not the folder of an app/);
            assert.ok(existsSync(other.path("owner")));
            assert.deepEqual(await app.calls(), []);
        });
    }

    test("takes nothing away from a folder that is not one of the server's apps", async () => {
        await using server = await appToRemove();
        const { app } = server;
        const elsewhere = join(app.root, "copies/recall");
        const [verb, words] = removal("all", "5");
        await mkdir(dirname(elsewhere));
        await execa("cp", ["-r", app.folder, elsewhere]);
        const run = await execa(join(elsewhere, "bin/app"), [verb, ...words], { env: app.environment, reject: false });
        assert.equal(run.exitCode, 1);
        assert.match(run.stderr, /copies\/recall is not the folder of an app on this server, and nothing is done/);
        assert.ok(existsSync(join(elsewhere, "owner")));
        assert.deepEqual(await app.calls(), []);
    });

    test("of one app does not wait until another one is drained", async () => {
        await using server = await appToRemove();
        const { app } = server;
        await writeFile(server.state("ends"), "");
        const draining = app.start(...removal("release", "5"));
        await until(async () => (await app.calls()).includes("stop web"));
        const other = await app.beside("other");
        await writeFile(join(app.root, "server/caddy/sites/other.caddy"), "");
        const removed = await other.start(...removal("site"));
        assert.deepEqual([removed.exitCode, removed.stderr], [0, "taking the site off"]);
        await rm(server.state("ends"));
        assert.equal((await draining).exitCode, 0);
    });

    test("of an app waits for another command that works on it, and for what changes the server", async () => {
        await using server = await appToRemove();
        const { app } = server;
        for (const path of [app.folder, join(app.root, "server/lock")]) {
            const working = await occupy(path);
            const run = app.start(...removal("release", "5"));
            await until(async () => (await app.latestRun()) === `${run.pid}.${await began(run.pid)}`);
            await working[Symbol.asyncDispose]();
            const { exitCode, stderr } = await run;
            assert.equal(exitCode, 0, stderr);
        }
    });

    test("that is broken off when the database has gone does not leave it noted as complete", async () => {
        await using server = await appToRemove();
        const { app } = server;
        await writeFile(server.state("lost"), "");
        assert.equal((await server.remove("database")).exitCode, 1);
        assert.deepEqual(
            [existsSync(app.path("database-made")), existsSync(app.path("database-applied"))],
            [true, false],
        );
    });

    test("that is broken off at its end leaves the backup's name, and what ends it", async () => {
        await using server = await appToRemove();
        const { app } = server;
        await app.put("launch.json", "{}");
        const mv = '#!/bin/sh\ncase $* in *".removed-"*) exit 1 ;; *) exec /bin/mv "$@" ;; esac\n';
        await writeFile(join(app.root, "programs/mv"), mv, { mode: 0o700 });
        assert.equal((await server.remove("all", "5")).exitCode, 1);
        assert.deepEqual((await readdir(app.folder)).toSorted(), ["backup", "bin", "owner"]);
        await rm(join(app.root, "programs/mv"));
        assert.equal((await server.remove("all", "5")).exitCode, 0);
        assert.deepEqual(await readdir(join(app.root, "apps")), []);
    });
});

/** The moment in which a process began. */
async function began(pid: number | undefined): Promise<string | undefined> {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    return stat.replace(/^.*\) /s, "").split(" ")[19];
}
