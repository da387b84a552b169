import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { occupy, ScriptedApp, until } from "./appOnServer.ts";

/**
 * A server whose state is in files: `database` is there with the app's database, `containers` has a line "ID SERVICE" for each
 * container, `volume` is Redis's. A web ends as long as there is a file `ends`.
 */
const docker = `
mine() { grep " $1\\$" "$STATE/containers" 2>/dev/null | cut -d' ' -f1; }
case "$*" in
"ps -aq "*service=*) service=\${*#*service=}; mine "\${service%% *}" ;;
"inspect --format {{.State.Running}}"*) echo true ;;
"stop web"*) while [ -e "$STATE/ends" ]; do sleep 0.05; done; sed -i "/ web\\$/d" "$STATE/containers" ;;
"stop "*) sed -i "/^$2 /d" "$STATE/containers" ;;
"container ls -aq"*) cut -d' ' -f1 "$STATE/containers" 2>/dev/null ;;
"container rm "*) : >"$STATE/containers" ;;
"volume ls -q"*) cat "$STATE/volume" 2>/dev/null ;;
"volume rm "*) rm "$STATE/volume" ;;
*psql*)
    sql=$(cat)
    case $sql in
    *"FROM pg_database"*) if [ -e "$STATE/database" ]; then echo 1; else echo 0; fi ;;
    *"DROP DATABASE"*) rm -f "$STATE/database"; [ ! -e "$STATE/lost" ] ;;
    esac ;;
*redis-cli*) echo 0 ;;
esac`;

/** A backup is made of what there is, and noted as the scripts do. */
const scripts = {
    "backup.sh": `backup() {
        if [ -s "$folder/backup" ] && [ -d "$(cat "$folder/backup")" ]; then return; fi
        [ -e "$STATE/database" ] || exit 9
        mkdir -p "$backups/$app/20260101T120000Z"
        echo "$backups/$app/20260101T120000Z" >"$folder/backup"
    }`,
};

async function ground(name = "recall") {
    const app = await ScriptedApp.create({ docker, scripts }, name);
    const state = (file: string) => join(app.root, "state", file);
    await writeFile(state("database"), "");
    await writeFile(state("volume"), "dlgr-app-recall-redis\n");
    await writeFile(state("containers"), "web web\nworker worker\nredis redis\npgbouncer pgbouncer\n");
    await app.put("database-made", "");
    await app.put("releases/0123456789ab/image", "registry.example/image@sha256:1\n");
    return {
        app,
        state,
        left: async () => (await readdir(join(app.root, "state"))).toSorted(),
        [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
    };
}

suite("an app whose first release has failed", { skip: process.platform !== "linux" }, () => {
    // The release is in no state: the first that `destroy` calls is the removal of the database.
    for (const words of [["database"], ["database", "5"]]) {
        test(`is removed by \`remove ${words.join(" ")}\`, which saves what there is itself`, async () => {
            await using server = await ground();
            const { app } = server;
            const { exitCode, stderr } = await app.start("remove", words);
            assert.equal(exitCode, 0, stderr);
            assert.ok(existsSync(join(app.root, "backups/recall/20260101T120000Z")));
            assert.equal(await app.read("backup"), join(app.root, "backups/recall/20260101T120000Z"));
            assert.deepEqual(await server.left(), ["containers"]);
            assert.equal(await readFile(server.state("containers"), "utf8"), "");
            const rest = await app.start("remove", ["all", "5"]);
            assert.equal(rest.exitCode, 0, rest.stderr);
            assert.deepEqual(await readdir(join(app.root, "apps")), []);
        });
    }

    test("loses the image, too, that was brought for it", async () => {
        await using server = await ground();
        const { app } = server;
        await app.put("image-wanted", "sha256:12");
        assert.equal((await app.start("remove", ["database"])).exitCode, 0);
        assert.ok((await app.calls()).includes("image rm sha256:12"));
    });
});

suite("a removal", { skip: process.platform !== "linux" }, () => {
    for (const name of ["..", "Recall", "-recall", "recall_", "a b"]) {
        test(`takes nothing away of an app that is called ${JSON.stringify(name)}`, async () => {
            await using server = await ground();
            const { app } = server;
            const folder = join(app.root, "apps", name);
            await execa("cp", ["-r", `${app.folder}/.`, `${folder}/`]);
            const run = await execa(join(folder, "bin/app"), ["remove", "all", "5"], {
                env: { CALLS: join(app.root, "calls"), STATE: join(app.root, "state") },
                reject: false,
            });
            assert.equal(run.exitCode, 1);
            assert.match(run.stderr, /cannot be the name of an app|is not the folder of an app/);
            assert.ok(existsSync(join(folder, "owner")));
            assert.deepEqual(await app.calls(), []);
        });
    }

    test("takes nothing away from a folder that is not one of the server's apps", async () => {
        await using server = await ground();
        const { app } = server;
        const elsewhere = join(app.root, "copies/recall");
        await mkdir(dirname(elsewhere));
        await execa("cp", ["-r", app.folder, elsewhere]);
        const run = await execa(join(elsewhere, "bin/app"), ["remove", "all", "5"], { reject: false });
        assert.equal(run.exitCode, 1);
        assert.match(run.stderr, /copies\/recall is not the folder of an app on this server, and nothing is done/);
        assert.ok(existsSync(elsewhere));
    });

    test("of one app does not wait until another one is drained", async () => {
        await using server = await ground();
        const { app } = server;
        await writeFile(server.state("ends"), "");
        const draining = app.start("remove", ["release", "5"]);
        await until(async () => (await app.calls()).includes("stop web"));
        const other = await app.beside("other");
        await writeFile(join(app.root, "server/caddy/sites/other.caddy"), "");
        const removed = await other.start("remove", ["site"]);
        assert.deepEqual([removed.exitCode, removed.stderr], [0, "taking the site off"]);
        await rm(server.state("ends"));
        assert.equal((await draining).exitCode, 0);
    });

    test("of an app waits for another command that works on it, and for what changes the server", async () => {
        await using server = await ground();
        const { app } = server;
        for (const path of [app.folder, join(app.root, "server/lock")]) {
            const working = await occupy(path);
            const removal = app.start("remove", ["release", "5"]);
            await until(async () => (await app.latestRun()) === `${removal.pid}.${await began(removal.pid)}`);
            await working[Symbol.asyncDispose]();
            const { exitCode, stderr } = await removal;
            assert.equal(exitCode, 0, stderr);
        }
    });

    test("that is broken off when the database has gone does not leave it noted as complete", async () => {
        await using server = await ground();
        const { app } = server;
        await app.put("database-applied", "the sum");
        await writeFile(server.state("lost"), "");
        assert.equal((await app.start("remove", ["database"])).exitCode, 1);
        assert.deepEqual(
            [existsSync(app.path("database-made")), existsSync(app.path("database-applied"))],
            [true, false],
        );
    });

    test("that is broken off at its end leaves the backup's name, and what ends it", async () => {
        await using server = await ground();
        const { app } = server;
        await app.put("launch.json", "{}");
        const mv = '#!/bin/sh\ncase $* in *".removed-"*) exit 1 ;; *) exec /bin/mv "$@" ;; esac\n';
        await writeFile(join(app.root, "programs/mv"), mv, { mode: 0o700 });
        assert.equal((await app.start("remove", ["all", "5"])).exitCode, 1);
        assert.deepEqual((await readdir(app.folder)).toSorted(), ["backup", "bin", "owner"]);
        await rm(join(app.root, "programs/mv"));
        assert.equal((await app.start("remove", ["all", "5"])).exitCode, 0);
        assert.deepEqual(await readdir(join(app.root, "apps")), []);
    });
});

/** The moment in which a process began. */
async function began(pid: number | undefined): Promise<string | undefined> {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    return stat.replace(/^.*\) /s, "").split(" ")[19];
}
