import assert from "node:assert/strict";
import { basename } from "node:path";
import { suite, test } from "node:test";
import { AppScripts } from "./appScript.ts";

const linux = { skip: process.platform !== "linux" };

/** PostgreSQL's container gives a number to whoever asks, and what it was asked goes to a file. */
const docker = `case "$1" in exec) cat >>"$CALLS.read"; echo 0 ;; esac`;

const sources = ["tables", "copies", "backup-room", "repository", "schedule", "drain", "backup", "archive", "restore"];
const begin = sources.map((source) => `. "$bin/${source}.sh"`).join("\n");

/** Everything that release, backup, restore and move do in PostgreSQL, by part. */
const parts: Readonly<Record<string, string>> = {
    "a release": "count_tables; rows_in_database",
    "the dump of a backup": `count_kept_tables "$database"; table_copies "$database" 3 yes`,
    "the check of a backup":
        'mkdir -p "$folder/s"; staging=$folder/s; scratch=check_$app; : >$staging/database.dump; make_scratch; restore_scratch; ' +
        "table_copies $scratch 3 no; row_counts $scratch; drop_scratch",
    "a restore":
        "end_previous_restore; admit_own; archive=$folder; : >$archive/database.dump; load_dump; row_counts $database; earlier_row_counts $database",
    "the end of what was interrupted": 'end_own_sessions "$database"',
};

suite("in a database that an app owns", linux, () => {
    for (const [part, text] of Object.entries(parts)) {
        test(`nobody but the app's role has a session: ${part}`, (t) => {
            const scripts = new AppScripts(t, docker);
            const { status, stderr, calls } = scripts.run(`${begin}\n${text}`);
            assert.equal(status, 0, stderr);
            const role = `app_${basename(scripts.folder)}`;
            const databases = `(${role}|check_${basename(scripts.folder)})`;
            const own = new RegExp(`^exec -i -u nobody -e PGUSER=${role} -e PGDATABASE=${databases} -e PGOPTIONS=-c `);
            const superusers =
                /^exec -i -u postgres dlgr-server-postgres psql -X -q -v ON_ERROR_STOP=1 -d postgres( |$)/;
            const foreign = calls.filter(
                (call) => call.startsWith("exec") && !own.test(call) && !superusers.test(call),
            );
            assert.deepEqual(foreign, []);
            assert.ok(calls.some((call) => call.startsWith("exec")));
            assert.doesNotMatch(calls.join("\n"), /--role/);
        });
    }

    test("no script works as the superuser, even by mistake", (t) => {
        const { status, stderr, calls } = new AppScripts(t, docker).run("superuser app_recall -At </dev/null");
        assert.deepEqual([status, calls], [1, []]);
        assert.match(stderr, /superuser in app_recall, which is an app's/);
    });

    test("the defaults that its role has set count for no script", (t) => {
        const { calls } = new AppScripts(t, docker).run(`${begin}\ncount_tables`);
        const settings = ["search_path=pg_catalog", "statement_timeout=0", "lock_timeout=0", "row_security=off"];
        settings.push("default_transaction_read_only=off", "standard_conforming_strings=on", "TimeZone=UTC");
        for (const setting of settings) assert.ok(calls.join("\n").includes(`-c ${setting} `), setting);
    });

    test("connections that have just ended are waited for, other failures are told", (t) => {
        const busy = `echo 'FATAL:  too many connections for role "app_x"' >&2; exit 2`;
        const first = new AppScripts(t, `[ "$(wc -l <"$CALLS")" -gt 2 ] || { ${busy}; }\ncat >/dev/null; echo 7`);
        const waited = first.run(`${begin}\nsleep() { :; }\ncount_tables`);
        assert.deepEqual([waited.status, waited.stdout, waited.calls.length], [0, "7\n", 3]);
        const denied = new AppScripts(t, "echo 'FATAL:  no way' >&2; exit 2").run(`${begin}\ncount_tables`);
        assert.deepEqual([denied.status, denied.stderr, denied.calls.length], [2, "FATAL:  no way\n", 1]);
    });

    test("a restore that the runtime could not start is tried again, with the whole dump", (t) => {
        const scripts = new AppScripts(t, `[ "$(wc -l <"$CALLS")" -gt 2 ] || { echo OCI; exit 128; }\ncat`, {
            d: "dump",
        });
        const { status, stdout } = scripts.run(`${begin}\nsleep() { :; }\nown_restore app_x "$folder/d"`);
        assert.deepEqual([status, stdout], [0, "OCI\nOCI\ndump"]);
    });

    test("what it says without end is kept to its end, and says nothing of how it has ended", (t) => {
        const scripts = new AppScripts(t, docker);
        const talks = `talks() { head -c 1000000 /dev/zero | tr '\\0' x; echo; echo "ended with status 0"; return 3; }`;
        const { stdout } = scripts.run(
            `${begin}\n${talks}\nlast_words "$folder/log/talk" talks || echo failed\nwc -c <"$folder/log/talk"`,
        );
        assert.equal(stdout, "failed\n20000\n");
    });
});
