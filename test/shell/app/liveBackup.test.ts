import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { occupy } from "./appOnServer.ts";
import type { AppScripts } from "./appScript.ts";
import { appToSave, askedOf, namedBackup, saveLive } from "./appToSave.ts";

/** Of a clock so far ahead that no file counts as touched. */
const quiet = `date() { case "$*" in +%s) echo $(($(command date +%s) + 60)) ;; *) command date "$@" ;; esac; }`;

const shelfOf = (app: AppScripts) => join(app.folder, "backups", basename(app.folder));

/** An app that works, with such files of its server's and such answers of docker's. */
function working(t: Parameters<typeof appToSave>[0], failing = "", files = {}): AppScripts {
    return appToSave(t, failing, { "database-made": "x", ...files });
}

/** Saves it. @returns the backup's folder */
function saved(app: AppScripts, before = quiet, ...words: string[]): string {
    const { status, stdout, stderr } = saveLive(app, before, ...words);
    assert.equal(status, 0, stderr);
    const [name = ""] = readdirSync(shelfOf(app)).toSorted().slice(-1);
    assert.equal(stdout, `${basename(app.folder)}/${name}\n`);
    return join(shelfOf(app), name);
}

/** What the files of a backup are when they are restored, as a restore does that. */
function restored(backup: string): (file: string) => string {
    const folder = mkdtempSync(join(tmpdir(), "restored-"));
    execFileSync("tar", ["-C", folder, "--numeric-owner", "-xpf", join(backup, "files.tar")]);
    return (file) => readFileSync(join(folder, file), "utf8");
}

const textOf = (backup: string, name: string) => readFileSync(join(backup, name), "utf8");

/** What of docker's work would be seen by participants. */
const touching = /^(stop|start|restart|pause|unpause|kill|rm|container|update)\b/;

suite("a backup of an app that works", { skip: process.platform !== "linux" }, () => {
    test("holds what one of a drained app holds, and its sums are right", (t) => {
        const backup = saved(working(t));
        const found = execFileSync("find", [".", "-type", "f"], { cwd: backup, encoding: "utf8" });
        for (const file of ["database.dump", "rows", "tables/info.csv", "redis/dump.rdb", "files.tar", "logs/web.log"])
            assert.ok(found.includes(`./${file}\n`), file);
        assert.doesNotMatch(found, /again|touched|changing|\.sum|\.failed/);
        assert.equal(textOf(backup, "rows"), "info 1\nnode 0\n");
        assert.equal(textOf(backup, "release.json"), "the record");
        assert.equal(restored(backup)("note"), "a file");
        execFileSync("sha256sum", ["--quiet", "--strict", "--check", "SHA256SUMS"], { cwd: backup });
        assert.equal(execFileSync("find", [backup, "-perm", "/077"], { encoding: "utf8" }), "");
    });

    for (const [words, kind] of [[[], "manual"] as const, [["scheduled"], "scheduled"] as const]) {
        test(`says that it was ${kind}, and is not the one that a removal would count on`, (t) => {
            const app = working(t);
            assert.equal(textOf(saved(app, quiet, ...words), "kind"), `${kind}\n`);
            assert.equal(namedBackup(app), undefined);
        });
    }

    test("stops and starts nothing, and lets others work in the app's database", (t) => {
        const app = working(t);
        saved(app);
        const { calls } = app.run(":");
        assert.deepEqual(
            calls.filter((call) => touching.test(call)),
            [],
        );
        const asked = askedOf(app);
        assert.doesNotMatch(asked, /ALTER DATABASE|redis-cli SAVE/);
        for (const [ended] of asked.matchAll(/pg_terminate_backend.*datname = 'app_.*/g))
            assert.match(ended, /'dallinger-backup' IN \('', application_name\)/);
        assert.match(asked, /PGAPPNAME=dallinger-backup .*BEGIN ISOLATION/);
    });

    test("saves Redis before the database: a job is done twice after a restore and never lost", (t) => {
        const app = working(t);
        saved(app);
        const asked = askedOf(app);
        assert.ok(asked.indexOf("BGSAVE") > 0 && asked.indexOf("BGSAVE") < asked.indexOf("BEGIN ISOLATION"));
    });

    test("has a file as it is once nobody writes to it any more", (t) => {
        const writing = `sleep() { command sleep 1; }
            tar() { case "$*" in *--newer=@0*) command tar "$@"; echo more >>"$files/note"; echo new >"$files/later" ;; *) command tar "$@" ;; esac; }`;
        const backup = saved(working(t), writing);
        assert.equal(restored(backup)("note"), "a filemore\n");
        assert.equal(restored(backup)("later"), "new\n");
        assert.ok(!existsSync(join(backup, "changing")));
    });

    test("names the files that are being written to all the time", (t) => {
        const writing = `tar() { echo more >>"$files/note"; command tar "$@"; }`;
        const backup = saved(working(t), writing);
        assert.equal(textOf(backup, "changing"), "note\n");
        assert.match(restored(backup)("note"), /^a file(more\n)+$/);
    });

    test("is made although tar says that a file has changed, or gone", (t) => {
        const changed = `${quiet}\ntar() { command tar "$@"; case "$*" in *" -cf -"*) return 1 ;; esac; }`;
        assert.equal(restored(saved(working(t), changed))("note"), "a file");
    });

    test("is made of what the app has where Redis has written anew in between", (t) => {
        const app = working(
            t,
            '"cp -q redis:/data/dump.rdb "*) if [ -e "$here/copied" ]; then cp "$here/dump.rdb" "$last"; else : >"$here/copied"; echo other >"$last/dump.rdb"; rm "$here/written"; fi ;;',
        );
        assert.equal(textOf(saved(app), "redis/dump.rdb"), "jobs");
    });

    test("has the logs although a release takes a container away meanwhile", (t) => {
        const app = working(
            t,
            '"logs --timestamps web"*) if [ -e "$here/went" ]; then echo "log of web"; else : >"$here/went"; exit 1; fi ;;',
        );
        assert.equal(textOf(saved(app), "logs/web.log"), "log of web\n");
    });

    test("does not wait for a command that works on the app, and no command waits for it", async (t) => {
        const app = working(t);
        await using _ = await occupy(app.folder);
        saved(app);
        assert.ok(!existsSync(join(app.folder, "latest-run")));
    });
});

/** What does not work, and what is said of it. */
const failures: Readonly<Record<string, { docker?: string; shell?: string; files?: object; says: RegExp }>> = {
    "Redis does not run": { docker: '*"redis-cli PING"*) exit 1 ;;', says: /^Redis of \S+ does not answer: `sudo/m },
    "Redis does not save": {
        docker: '*"redis-cli BGSAVE"*) echo "ERR no" ;;',
        says: /^Redis could not be saved$/m,
    },
    "Redis fails while it saves": {
        docker: '*"redis-cli INFO"*) printf "rdb_bgsave_in_progress:0\\nrdb_last_bgsave_status:err\\naof_rewrite_in_progress:0\\n" ;;',
        says: /^Redis could not be saved$/m,
    },
    "Redis has saved nothing new": {
        docker: '*"redis-cli LASTSAVE"*) echo 100 ;;',
        says: /^Redis could not be saved$/m,
    },
    "Redis has a link in the place of what it saves": {
        docker: '"cp -q redis:/data/dump.rdb "*) ln -s "$here/dump.rdb" "$last/dump.rdb" ;;',
        says: /^Redis could not be saved$/m,
    },
    "pg_dump fails": {
        docker: '*PGDATABASE=app_*"BEGIN ISOLATION"*) echo ": dump"; echo ": dumped 1" ;;',
        says: /^the database could not be dumped$/m,
    },
    "a restored table has other rows": {
        docker: '*PGDATABASE=check_*"BEGIN ISOLATION"*) echo ": complete" ;;',
        says: /^the dump, restored, is not what the database holds$/m,
    },
    "the files cannot be read": {
        shell: `${quiet}\ntar() { case "$*" in *" -cf -"*) return 2 ;; *) command tar "$@" ;; esac; }`,
        says: /^the files in \S+ could not be saved$/m,
    },
    "the files grow beyond the room": {
        shell: `${quiet}\nrequire_backup_room() { room_for_copies=100000; room_for_files=600; }`,
        says: /^the files are larger than expected, and would fill the disk\n(.*\n)*the files in \S+ could not be saved$/m,
    },
    "a log cannot be read": { docker: '"logs "*) [ "$last" != worker ] ;;', says: /could not be made and verified/ },
    "its files do not come to the disk": {
        shell: `${quiet}\nfind() { case "$*" in *sync*) return 1 ;; *) command find "$@" ;; esac; }`,
        says: /could not be made and verified/,
    },
};

suite("nothing stays of a backup, and nothing is done to the app that works", {
    skip: process.platform !== "linux",
}, () => {
    for (const [what, { docker, shell = quiet, files, says }] of Object.entries(failures)) {
        test(`when ${what}`, (t) => {
            const app = working(t, docker, files);
            const { status, stdout, stderr, calls } = saveLive(app, shell);
            assert.deepEqual([status, stdout], [1, ""], stderr);
            assert.match(stderr, says);
            assert.match(stderr, /and the app works on as before: the lines above say why\n$/);
            assert.ok(!existsSync(shelfOf(app)));
            assert.ok(!calls.some((call) => touching.test(call)));
            assert.notEqual([...askedOf(app).matchAll(/(CREATE|DROP) DATABASE/g)].at(-1)?.[1], "CREATE");
        });
    }

    test("when there is no room for it, and it says what can go", (t) => {
        const { status, stderr } = saveLive(working(t), "df() { echo 1000; }");
        assert.equal(status, 1);
        assert.match(stderr, /needs more room, and the app works on as before: 0 MiB are free in /);
    });

    test("when it is told to end", (t) => {
        const app = working(t);
        const { status } = saveLive(app, "verify_database() { kill -TERM $$; }");
        assert.equal(status, 143);
        assert.ok(!existsSync(shelfOf(app)));
    });
});

suite("no backup is made of an app that works", { skip: process.platform !== "linux" }, () => {
    const cases: Readonly<Record<string, readonly [Record<string, string>, RegExp]>> = {
        "where there is no database of it": [{ "database-made": "" }, /has no database on this server/],
        "where it has been removed": [{ owner: "" }, /has been removed from this server/],
        "while it is restored": [
            { "restore-started": "20260101T120000Z" },
            /is being restored from its backup 20260101T120000Z/,
        ],
        "where a removal has saved it": [
            { backup: "/srv/x" },
            /a removal of \S+ has saved it, .*`\.\/pulumi destroy` ends/,
        ],
    };
    for (const [what, [files, says]] of Object.entries(cases)) {
        test(what, (t) => {
            const app = appToSave(t, "", { "database-made": "x", ...files });
            const { status, stdout, stderr } = saveLive(app);
            assert.deepEqual([status, stdout], [1, ""]);
            assert.match(stderr, says);
            assert.ok(!existsSync(shelfOf(app)));
        });
    }

    test("that is asked for in a way that there is none of", (t) => {
        assert.match(saveLive(working(t), "", "sometimes").stderr, /^backup \[scheduled \| send\]$/m);
    });

    test("while another one is made: what that has written stays", async (t) => {
        const app = working(t, "", { "database-made": "x", "backups/none": "none" });
        app.put(`backups/${basename(app.folder)}/.incomplete/database.dump`, "half");
        await using _ = await occupy(join(app.folder, "backups"));
        const impatient = 'flock() { case $1 in -w) command flock -w 0 "$3" ;; *) command flock "$@" ;; esac; }';
        const { status, stderr } = saveLive(app, impatient);
        assert.equal(status, 1);
        assert.match(stderr, /other backups have been made on this server for an hour, and the app works on as before/);
        assert.equal(readFileSync(join(shelfOf(app), ".incomplete/database.dump"), "utf8"), "half");
    });
});

suite("a scheduled backup that is made", { skip: process.platform !== "linux" }, () => {
    test("stays also where an earlier one is named by a clock that was ahead", (t) => {
        const app = working(t, "", { "database-made": "x", "backup-keep": "last 1\n" });
        const ahead = `backups/${basename(app.folder)}/20990101T120000Z`;
        for (const [file, text] of Object.entries({ kind: "scheduled\n", owner: "the-owner", SHA256SUMS: "" }))
            app.put(`${ahead}/${file}`, text);
        const { status, stdout, stderr } = saveLive(app, quiet, "scheduled");
        assert.equal(status, 0, stderr);
        assert.ok(app.has(`backups/${stdout.trim()}/SHA256SUMS`));
    });
});

suite("a scheduled backup that is not made", { skip: process.platform !== "linux" }, () => {
    const failing = '*"redis-cli PING"*) exit 1 ;;';

    test("leaves its time and the reason for who asks, until one is made", (t) => {
        const app = working(t, `*"redis-cli PING"*) [ ! -e "$here/down" ] && echo PONG || exit 1 ;;`, {
            "machine/down": "x",
        });
        assert.equal(saveLive(app, quiet, "scheduled").status, 1);
        const [time = "", reason = ""] = textOf(app.folder, "backup-failed").split("\n");
        assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        assert.match(
            reason,
            /^Redis could not be saved|^Redis of \S+ does not answer: .*; the backup of \S+ could not be made/,
        );
        assert.ok(!existsSync(join(app.folder, "backup-began")));
        rmSync(join(app.folder, "machine/down"));
        saved(app);
        assert.ok(!existsSync(join(app.folder, "backup-failed")));
    });

    test("is told from one by hand, whose operator has seen why", (t) => {
        const app = working(t, failing);
        assert.equal(saveLive(app, quiet).status, 1);
        assert.ok(!existsSync(join(app.folder, "backup-failed")));
    });

    test("is known to have begun when nothing could note its end", (t) => {
        const app = working(t);
        assert.notEqual(saveLive(app, "verify_database() { kill -KILL $$; }", "scheduled").status, 0);
        const told = () => app.run('. "$bin/failure.sh"; failed_backup "$folder"').stdout;
        assert.match(told(), /^\S+Z\na scheduled backup was broken off/);
        assert.ok(existsSync(join(shelfOf(app), ".incomplete")));
        saved(app, quiet, "scheduled");
        assert.equal(told(), "");
        assert.ok(!existsSync(join(shelfOf(app), ".incomplete")));
    });

    test("removes none that were made before", (t) => {
        const app = working(t, failing, { "backup-keep": "last 1\n" });
        const before = `backups/${basename(app.folder)}/20250101T120000Z`;
        for (const [file, text] of Object.entries({ kind: "scheduled\n", owner: "the-owner", SHA256SUMS: "" }))
            app.put(`${before}/${file}`, text);
        saveLive(app, quiet, "scheduled");
        assert.ok(app.has(`${before}/SHA256SUMS`));
    });
});
