import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { AppScripts } from "./appScript.ts";

const mebibyte = 1048576;

/** What a server has: sizes in MiB. */
interface Disks {
    readonly database: number | "unknown";
    readonly files: number;
    readonly backups: number;
    /** Free where Docker keeps its data; left out where that is the same disk. */
    readonly docker?: number;
}

/** Asks for room on such a server; what it says ends with the bytes that the copies may take. */
function ask(t: ConstructorParameters<typeof AppScripts>[0], disks: Disks) {
    const size = disks.database === "unknown" ? "echo down >&2; exit 1" : `echo ${disks.database * mebibyte}`;
    const scripts = new AppScripts(t, `case "$1" in exec) cat >/dev/null; ${size} ;; info) echo "$DOCKER" ;; esac`);
    const text = [
        ...["tables", "repository", "schedule", "drain", "backup-room"].map((source) => `. "$bin/${source}.sh"`),
        'export DOCKER="$folder/docker"; backups=$folder/backups; files=$folder/files; mkdir "$DOCKER" "$backups" "$files"',
        `du() { echo "${disks.files * mebibyte}	there"; }`,
        `stat() { case $3 in "$DOCKER") echo ${disks.docker === undefined ? 1 : 2} ;; *) echo 1 ;; esac; }`,
        `df() { case $4 in "$DOCKER") echo "${(disks.docker ?? disks.backups) * mebibyte}" ;; *) echo "${disks.backups * mebibyte}" ;; esac; }`,
        "require_backup_room",
        'echo "$room_for_copies"',
    ];
    return scripts.run(text.join("\n"));
}

suite("a backup begins", { skip: process.platform !== "linux" }, () => {
    test("where there is room for it, for its check and for what others need", (t) => {
        const { status, stdout } = ask(t, { database: 100, files: 50, backups: 900 });
        assert.equal(status, 0);
        assert.equal(Number(stdout), (900 - 55 - 300 - 256) * mebibyte);
    });

    for (const [where, disks] of Object.entries({
        "on the one disk": { database: 100, files: 50, backups: 800 },
        "for the files": { database: 100, files: 1000, backups: 1500 },
        "on the backups' disk": { database: 100, files: 50, backups: 500, docker: 10_000 },
        "on Docker's disk": { database: 100, files: 50, backups: 10_000, docker: 500 },
    })) {
        test(`not where there is none ${where}: the app goes on, and what to do is said`, (t) => {
            const { status, stderr, calls } = ask(t, disks);
            assert.equal(status, 1);
            assert.match(
                stderr,
                /^the backup of \S+ needs more room, so nothing is dropped: \d+ MiB are free in \S+, and/,
            );
            assert.match(stderr, /`sudo docker image prune -a` .*`\.\/pulumi up` brings it back\n$/s);
            assert.ok(
                calls.some((call) => call.startsWith("ps -aq")),
                "its containers are started again",
            );
        });
    }

    test("not where PostgreSQL does not say how large the database is", (t) => {
        const { status, stderr } = ask(t, { database: "unknown", files: 50, backups: 100_000 });
        assert.equal(status, 1);
        assert.match(stderr, /PostgreSQL does not say how large the database of \S+ is/);
    });
});
