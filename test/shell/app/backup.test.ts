import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { suite, test } from "node:test";
import { AppScripts } from "./appScript.ts";
import { appToSave, askedOf, namedBackup, save } from "./appToSave.ts";

/** Saves the app. @returns the backup's folder */
function saved(app: AppScripts, before = ""): string {
    const { status, stdout, stderr } = save(app, before);
    assert.deepEqual([status, stdout], [0, "dropped\n"], stderr);
    const folder = namedBackup(app) ?? "none";
    const told = ["saving the database, files, Redis and logs", "restoring the backup into a scratch database"];
    assert.deepEqual(stderr.trimEnd().split("\n"), [...told, `the backup is complete: ${folder}`]);
    return folder;
}

/** Paths of all files in a folder. */
function filesIn(folder: string): string[] {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return found.map((file) => join(file.parentPath, file.name).slice(folder.length + 1)).toSorted();
}

const textOf = (backup: string, name: string) => readFileSync(join(backup, name), "utf8");
const database = ["SHA256SUMS", "database.dump", "rows", "tables/info.csv", "tables/node.csv"];
const logs = ["clock", "pgbouncer", "redis", "web", "worker"].map((service) => `logs/${service}.log`);
const formerLog = "log/former/web-20260101T120000Z.log.gz";
const records = ["kind", "launch-started", "launch.json", "looked-up", "owner"];

suite("a backup", { skip: process.platform !== "linux" }, () => {
    test("holds database, tables, files, Redis, logs, the release and what is known of the launch", (t) => {
        const backup = saved(appToSave(t));
        const others = [
            "compose.yaml",
            "release.json",
            "files.tar",
            "redis/dump.rdb",
            formerLog.replace("log", "logs"),
        ];
        assert.deepEqual(filesIn(backup), [...database, ...others, ...logs, ...records].toSorted());
        assert.equal(textOf(backup, "tables/info.csv"), "id\n1\n");
        assert.equal(textOf(backup, "rows"), "info 1\nnode 0\n");
        assert.equal(textOf(backup, "release.json"), "the record");
        assert.equal(textOf(backup, "launch.json"), "the launch");
        assert.equal(textOf(backup, "kind"), "final\n");
        const note = execFileSync("tar", ["-xOf", join(backup, "files.tar"), "./note"], { encoding: "utf8" });
        assert.equal(note, "a file");
    });

    test("is made, too, of an app that has come to no release, no files and no containers", (t) => {
        const release = ["current/record.json", "current/compose.yaml", "current/secrets"];
        const none = [...release, ...records.filter((name) => name !== "kind"), formerLog, "files/note"].map((path) => [
            path,
            "",
        ]);
        const backup = saved(appToSave(t, '"ps -aq "*) ;;', Object.fromEntries(none)));
        assert.deepEqual(filesIn(backup), [...database, ...logs, "kind"].toSorted());
    });

    test("is made of an app whose Redis has never run: it holds nothing", (t) => {
        const empty = '*"redis-cli PING"*) exit 1 ;; "cp -q redis:/data "*) mkdir -p "$last" ;;';
        assert.ok(!existsSync(join(saved(appToSave(t, empty)), "redis")));
    });

    test("has the checksums of all that is in it, and they are right", (t) => {
        const backup = saved(appToSave(t));
        const sums = textOf(backup, "SHA256SUMS").trimEnd().split("\n");
        const others = filesIn(backup).filter((file) => file !== "SHA256SUMS");
        assert.deepEqual(sums.map((line) => line.slice(66)).toSorted(), others.map((file) => `./${file}`).toSorted());
        execFileSync("sha256sum", ["--quiet", "--strict", "--check", "SHA256SUMS"], { cwd: backup });
    });

    test("can be read by nobody but root, and neither can what is being made", (t) => {
        const copying = '"cp -q redis:/data "*) mkdir -m 777 -p "$last"; cp "$here/dump.rdb" "$last/" ;;';
        const app = appToSave(t, copying);
        const watching = 'save_files() { stat -c %a "$shelf" "$staging" >"$folder/modes"; }';
        const backup = saved(app, `umask 0\n${watching}`);
        assert.equal(textOf(app.folder, "modes"), "700\n700\n");
        const open = execFileSync("find", [dirname(backup), "-perm", "/077"], { encoding: "utf8" });
        assert.equal(open, "");
    });

    test("is on disk before its name is, and the name before anything can be dropped", (t) => {
        const app = appToSave(t);
        const noting = (program: string) =>
            `printf '#!/bin/sh\\necho "${program} $*" >>"$CALLS.steps"\\nexec /bin/${program} "$@"\\n' >"$folder/machine/${program}"
            chmod +x "$folder/machine/${program}"`;
        const backup = saved(app, [noting("sync"), noting("mv")].join("\n"));
        const steps = textOf(app.folder, "calls.steps").trimEnd().split("\n");
        const [sealed, ...named] = steps.slice(-6);
        assert.match(sealed ?? "", /^sync .*\/\.incomplete\/database\.dump/);
        const shelf = dirname(backup);
        const name = join(app.folder, "backup");
        const hidden = join(app.folder, ".backup");
        const moved = [`mv ${shelf}/.incomplete ${backup}`, `sync ${shelf}`, `sync ${hidden}`];
        assert.deepEqual(named, [...moved, `mv ${hidden} ${name}`, `sync ${app.folder}`]);
    });

    test("keeps the holes of files, which can be larger than the disk", (t) => {
        const backup = saved(appToSave(t), 'truncate -s 64M "$files/mostly-nothing"');
        assert.ok(statSync(join(backup, "files.tar")).size < 1_000_000);
    });

    test("has the logs of all containers that a service has", (t) => {
        const two = '"ps -aq "*service=web*) printf "web1\\nweb2\\n" ;;';
        assert.equal(textOf(saved(appToSave(t, two)), "logs/web.log"), "log of web1\nlog of web2\n");
    });

    test("leaves nothing behind in PostgreSQL of the check that it can be restored", (t) => {
        const app = appToSave(t);
        saved(app);
        const asked = askedOf(app);
        assert.match(asked, /CREATE DATABASE "check_/);
        assert.match(asked.slice(asked.lastIndexOf("CREATE DATABASE")), /DROP DATABASE IF EXISTS "check_/);
        assert.doesNotMatch(asked, /DROP DATABASE IF EXISTS "app_/);
    });

    test("that is on its way to the repository leaves alone what another one makes meanwhile", (t) => {
        const app = new AppScripts(t, "");
        const own = "require_layout() { :; }; require_saveable() { :; }; save_live() { finished=$shelf/done; }";
        const others = 'send_away() { mkdir -p "$staging"; echo other >"$staging/database.dump"; }';
        const { stdout, stderr } = app.run(
            `mkdir -p "$folder/log"; . "$bin/verbs/backup.sh"; ${own}; ${others}; lock_backups() { exec 6<"$folder"; }\nverb_backup`,
        );
        assert.match(stdout, /\/done$/m, stderr);
        assert.equal(app.text(`backups/${basename(app.folder)}/.incomplete/database.dump`), "other\n");
    });

    test("that was made in the same second does not take the place of another one", (t) => {
        const app = appToSave(t);
        const former = saved(app, "date() { echo 20260101T120000Z; }");
        app.put("backup", "");
        const next = saved(app, "date() { echo 20260101T120000Z; }");
        assert.match(next, new RegExp(`^${former}-\\d+$`));
        assert.deepEqual(filesIn(former), filesIn(next));
    });
});
