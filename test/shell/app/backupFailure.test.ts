import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { appToSave, askedOf, databaseOf, namedBackup, save } from "./appToSave.ts";

/** What does not work: in docker's answers, in the shell that the scripts run in, or of the app's files. */
interface Failure {
    readonly docker?: string;
    readonly shell?: string;
    readonly files?: Readonly<Record<string, string>>;
    readonly says?: RegExp;
}

/** A shell's program that fails when it is called with this in its arguments. */
const without = (program: string, words = "") =>
    `${program}() { case "$*" in *'${words}'*) return 1 ;; *) command ${program} "$@" ;; esac; }`;

const undumped = /^the database could not be dumped$/m;
const different = /^the dump, restored, is not what the database holds$/m;
const restoring = (tables: Readonly<Record<string, string>>) =>
    `*pg_restore*) printf '${databaseOf(tables).replaceAll("\n", "\\n")}' >"$here/scratch" ;;`;
const copying = (stream: string) => `*PGDATABASE=app_*"BEGIN ISOLATION"*) ${stream} ;;`;
const badName = databaseOf({ "../../escaped": "id\n", node: "id\n" });

/** Docker that does not answer once which containers a service has. */
const silentOnce = (service: string) =>
    `"ps -aq "*service=${service}*) [ -e "$here/asked" ] && echo ${service} || { : >"$here/asked"; exit 1; } ;;`;

const failures: Readonly<Record<string, Failure>> = {
    "docker does not say whether there is a Redis": { docker: silentOnce("redis") },
    "docker does not say which containers have logs": { docker: silentOnce("worker") },
    "its shelf does not come to the disk": { shell: without("sync") },
    "its name cannot be written": { shell: 'mkdir "$folder/.backup"' },
    "its folder cannot be made": { shell: ': >"$backups/$app"' },
    "PostgreSQL does not let the app's role in": { docker: '*"ALTER DATABASE"*) exit 1 ;;' },
    "the tables cannot be counted": { docker: '*"SELECT count(*) FROM (SELECT row"*) exit 1 ;;', says: undumped },
    "pg_dump fails": { docker: copying('echo ": dump"; echo ": dumped 1"'), says: undumped },
    "the dump is empty": {
        docker: copying('echo ": dump"; echo ": dumped 0"; cat "$here/database"; echo ": complete"'),
        says: undumped,
    },
    "the copies end early": { docker: copying('cat "$here/database"'), says: undumped },
    "a table's name is no name of a file": { files: { "machine/database": badName }, says: undumped },
    "there is no list of the tables": {
        docker: copying('echo ": dump"; echo UEc=; echo ": dumped 0"; echo ": complete"'),
        says: different,
    },
    "the scratch database cannot be made": { docker: '*"CREATE DATABASE"*) exit 1 ;;', says: different },
    "the dump cannot be restored without an error": {
        docker: `*pg_restore*) printf '%s\\n' "$input" >"$here/scratch"; exit 1 ;;`,
        says: different,
    },
    "a restored table has other rows": { docker: restoring({ info: "id\n2\n", node: "id\n" }), says: different },
    "a restored table is another one": { docker: restoring({ info: "id\n1\n", code: "id\n" }), says: different },
    "a restored table is missing": { docker: restoring({ info: "id\n1\n" }), says: different },
    "the rows cannot be counted": { docker: `*"SELECT name || ' ' ||"*) exit 1 ;;`, says: different },
    "the scratch database does not go again": { docker: '*"DROP DATABASE"*) [ ! -e "$here/scratch" ] ;;' },
    "the files cannot be packed": { shell: without("tar", "-cf"), says: /^the files in \S+ could not be saved$/m },
    "a file changes while it is saved": {
        shell: `tar() { case "$*" in *--compare*) echo more >>"$files/note" ;; esac; command tar "$@"; }`,
        says: /^the files in \S+ could not be saved$/m,
    },
    "Redis does not run and holds something": {
        docker: '*"redis-cli PING"*) exit 1 ;;',
        says: /^Redis of \S+ does not run, and what it holds cannot be saved: .* `sudo docker container rm -f redis` there/m,
    },
    "Redis does not run and cannot be looked into": {
        docker: '*"redis-cli PING"* | "cp "*) exit 1 ;;',
        says: /^Redis of \S+ does not run/m,
    },
    "Redis does not write down what it holds": {
        docker: '*"redis-cli SAVE"*) exit 1 ;;',
        says: /^Redis could not be/m,
    },
    "Redis cannot be copied": { docker: '"cp "*) exit 1 ;;', says: /^Redis could not be saved$/m },
    "the copy is another than what Redis has": {
        docker: '"cp "*) mkdir -p "$last"; echo less >"$last/dump.rdb" ;;',
        says: /^Redis could not be saved$/m,
    },
    "a log cannot be read": { docker: '"logs "*) [ "$last" != worker ] ;;' },
    "the logs of former releases cannot be copied": { shell: without("cp", "log/former") },
    "what is known of the launch cannot be copied": { shell: without("cp", "launch.json") },
    "the release has no record": { files: { "current/record.json": "" } },
    "the release has no compose file": { files: { "current/compose.yaml": "" } },
    "the checksums cannot be made": { shell: without("xargs", "sha256sum") },
    "its files cannot be closed to others": { shell: without("chmod") },
    "its files do not come to the disk": { shell: without("find", "sync") },
};

/** Asserts that nothing was dropped and the app goes on, and that nothing is left of the backup. */
function assertGivenUp(t: TestContext, { docker = "", shell = "", files = {}, says = /(?:)/ }: Failure): string {
    const app = appToSave(t, docker, files);
    const { status, stdout, stderr, calls } = save(app, shell);
    assert.deepEqual([status, stdout], [1, ""], stderr);
    assert.match(stderr, says);
    assert.match(stderr, /\. Nothing has been removed but the site; `\.\/pulumi up` brings it back\n$/);
    const service = [...(calls.at(-1) ?? "").matchAll(/\w+/g)].map(String);
    assert.deepEqual(service, ["start", "redis", "pgbouncer", "web", "worker", "clock"]);
    assert.equal(namedBackup(app), undefined);
    assert.ok(!existsSync(join(app.folder, "backups", basename(app.folder), ".incomplete")));
    const asked = askedOf(app);
    assert.doesNotMatch(asked, /DROP DATABASE IF EXISTS "app_/);
    assert.notEqual([...asked.matchAll(/(CREATE|DROP) DATABASE/g)].at(-1)?.[1], "CREATE", "the scratch database stays");
    return stderr;
}

suite("a backup is given up, nothing is dropped and the app goes on", { skip: process.platform !== "linux" }, () => {
    for (const [what, failure] of Object.entries(failures)) {
        test(`when ${what}`, (t) => {
            const said = assertGivenUp(t, failure);
            assert.match(said, /^the backup of \S+ could not be made and verified, so nothing is dropped: /m);
            assert.doesNotMatch(said, /no space left/);
        });
    }

    test("when the disk is full, which is said", (t) => {
        const full = `df() { case $* in *-k*) echo 0 ;; *) echo 1000000000000 ;; esac; }`;
        const says = /^no space left on device: \S+\/backups is full$/m;
        assertGivenUp(t, { docker: copying("exit 1"), shell: full, says });
    });

    test("when PostgreSQL does not answer, which is said", (t) => {
        const says = /^PostgreSQL does not answer: `docker logs dlgr-server-postgres` on the server says why$/m;
        assertGivenUp(t, { docker: '*" psql "*) exit 1 ;;', says });
    });

    test("when there is no room for it", (t) => {
        assertGivenUp(t, { shell: "df() { echo 1000; }", says: /needs more room/ });
    });

    test("with the last words of what has failed, without secrets", (t) => {
        const docker = '*pg_restore*) echo "no horse called correct horse" >&2; exit 1 ;;';
        const said = assertGivenUp(t, { docker, says: different });
        assert.match(said, /^no horse called \[secret\]$/m);
    });
});
