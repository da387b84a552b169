import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { occupy } from "./appOnServer.ts";
import type { AppScripts } from "./appScript.ts";
import { appToSave, namedBackup, save } from "./appToSave.ts";

const shelfOf = (app: AppScripts) => join(app.folder, "backups", basename(app.folder));
const earlier = "20260101T120000Z";

/** Asserts that the app has a backup with nothing missing, and nothing of another one half-way. */
function assertWhole(app: AppScripts): void {
    const backup = namedBackup(app) ?? "none";
    execFileSync("sha256sum", ["--quiet", "--strict", "--check", "SHA256SUMS"], { cwd: backup });
    assert.ok(existsSync(join(backup, "database.dump")));
    assert.ok(!existsSync(join(shelfOf(app), ".incomplete")));
}

/** Where a run is killed: a step of the backup that it does not come to, or a program that it has called for so many times. */
const moments: Readonly<Record<string, string>> = {
    "before it has dumped anything": "admit_own() { kill -9 $$; }",
    "while it is checked": "restore_scratch() { kill -9 $$; }",
    "before its checksums": "seal() { kill -9 $$; }",
    "before it lies on the shelf": 'mv() { case $2 in */backups/*/2*) kill -9 $$ ;; *) command mv "$@" ;; esac; }',
    "when it lies on the shelf": "sync() { kill -9 $$; }",
    "before its name counts": 'mv() { case $2 in */backup) kill -9 $$ ;; *) command mv "$@" ;; esac; }',
};

suite("a backup that is asked for again", { skip: process.platform !== "linux" }, () => {
    test("is not made again where it is complete: it holds what the app had before anything was dropped", (t) => {
        const app = appToSave(t);
        const backup = join(shelfOf(app), earlier);
        mkdirSync(backup, { recursive: true });
        writeFileSync(join(app.folder, "backup"), `${backup}\n`);
        const { status, stdout, stderr, calls } = save(app);
        assert.deepEqual([status, stdout, stderr, calls], [0, "dropped\n", "", []]);
        assert.deepEqual(readdirSync(shelfOf(app)), [earlier]);
    });

    for (const [what, name] of Object.entries({ "is gone": `/backups/none/${earlier}\n`, "has no name": "\n" })) {
        test(`is made again where the one that was made ${what}`, (t) => {
            const app = appToSave(t, "", { backup: name });
            assert.equal(save(app).status, 0);
            assertWhole(app);
        });
    }

    for (const [moment, killed] of Object.entries(moments)) {
        test(`has no name when it was killed ${moment}, and the next run makes it whole`, (t) => {
            const app = appToSave(t);
            assert.equal(save(app, killed).status, null, "killed");
            assert.equal(namedBackup(app), undefined);
            assert.equal(save(app).status, 0);
            assertWhole(app);
        });
    }

    test("begins with nothing that an interrupted one has left, which takes room as well", (t) => {
        const app = appToSave(t);
        for (const left of ["tables/secret.csv", "restored/1", "redis/appendonly.aof"]) {
            app.put(`backups/${basename(app.folder)}/.incomplete/${left}`, "half");
        }
        const look = 'require_backup_room() { room_for_copies=100000; ls -A "$backups" >"$folder/there"; }';
        assert.equal(save(app, look).status, 0);
        assert.equal(readFileSync(join(app.folder, "there"), "utf8"), "");
        assertWhole(app);
        const backup = namedBackup(app) ?? "none";
        assert.deepEqual(readdirSync(join(backup, "tables")).toSorted(), ["info.csv", "node.csv"]);
        assert.deepEqual(readdirSync(join(backup, "redis")), ["dump.rdb"]);
        assert.ok(!existsSync(join(backup, "restored")));
    });

    test("keeps former backups of the app, also when it is given up", (t) => {
        const app = appToSave(t, "*pg_restore*) exit 1 ;;");
        app.put(`backups/${basename(app.folder)}/${earlier}/rows`, "");
        assert.equal(save(app).status, 1);
        assert.deepEqual(readdirSync(shelfOf(app)), [earlier]);
    });
});

suite("backups of two apps at once", { skip: process.platform !== "linux" }, () => {
    test("are made one after the other: both would count on the same room", (t) => {
        const app = appToSave(t);
        const other = [
            'flock "$backups" sh -c \'echo >"$0/held"; sleep 0.5; echo ended >>"$0/order"\' "$folder" &',
            'until [ -e "$folder/held" ]; do command sleep 0.05; done',
            'require_backup_room() { room_for_copies=100000; echo begun >>"$folder/order"; }',
        ];
        const { status, stderr } = save(app, other.join("\n"));
        assert.equal(status, 0, stderr);
        assert.match(stderr, /^another backup is being made on this server: waiting for it \(up to an hour\)$/m);
        assert.equal(readFileSync(join(app.folder, "order"), "utf8"), "ended\nbegun\n");
    });

    test("are given up where the other one takes too long: nothing is dropped and the app goes on", async (t) => {
        const app = appToSave(t, "", { "backups/none": "none" });
        await using _ = await occupy(join(app.folder, "backups"));
        const impatient = 'flock() { case $1 in -w) command flock -w 0 "$3" ;; *) command flock "$@" ;; esac; }';
        const { status, stdout, stderr, calls } = save(app, impatient);
        assert.deepEqual([status, stdout], [1, ""]);
        assert.match(
            stderr,
            /have been made on this server for an hour, so nothing is dropped: see `ps axf` there, .* brings it back$/m,
        );
        assert.match(calls.at(-1) ?? "", /^start redis /);
        assert.equal(namedBackup(app), undefined);
    });

    test("do not wait for what the removal of the first one does afterwards", (t) => {
        const { status, stdout } = save(appToSave(t), `trap 'flock -n "$backups" echo free' EXIT`);
        assert.deepEqual([status, stdout], [0, "dropped\nfree\n"]);
    });
});
