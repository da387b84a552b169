import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { placeScripts, serverFolder, writeBackup } from "../serverScripts.ts";

const name = "20260101T120000Z";
const other = "20251231T235959Z";
const shared = ["shared/messages.sh", "shared/server.sh", "shared/receive.sh"];

/** What the scripts find out of PostgreSQL: `none` is a database that is not there. */
type Tables = "none" | "0" | "10" | "no answer";

/** An app's folder on a server that has a backup of it. */
async function ground() {
    const { root, ...disposable } = await serverFolder();
    const folder = join(root, "apps/recall");
    const scripts = ["app", "timeline", "archive", "tables", "restore"].map((script) => `app/${script}.sh`);
    await placeScripts(root, join(folder, "bin"), ...shared, ...scripts);
    const backup = join(root, "backups/recall", name);
    await writeBackup(backup, { "database.dump": "dump", rows: "participant 3\n" });
    await mkdir(join(root, "files"));
    const run = async (tables: Tables, ...command: string[]) => {
        const script = [
            `bin=${folder}/bin`,
            ...["app", "archive", "tables", "restore"].map((one) => `. "$bin/${one}.sh"`),
            `files=${root}/files`,
            'database_exists() { [ "$tables_there" != none ]; }',
            'count_tables() { [ "$tables_there" != "no answer" ] && echo "$tables_there"; }',
            `redis_there() { [ -e ${root}/redis ]; }`,
            "set -eu",
            `tables_there='${tables}'`,
            '"$@"',
        ];
        const { stderr } = await execa("sh", ["-c", script.join("\n"), "sh", ...command], { reject: false });
        return stderr;
    };
    const mark = join(folder, "restore-started");
    const marked = async () => (existsSync(mark) ? (await readFile(mark, "utf8")).trim() : undefined);
    return { root, folder, backup, mark, marked, run, ...disposable };
}

suite("an app that is to begin with a backup", { skip: process.platform !== "linux" }, () => {
    for (const tables of ["none", "0"] as const) {
        test(`does where its database has ${tables} tables`, async () => {
            await using app = await ground();
            assert.equal(await app.run(tables, "plan_restore", name), "");
            assert.equal(await app.marked(), name);
            assert.equal(await app.run("10", "plan_restore", name), "", "goes on after an interruption");
            assert.equal(await app.marked(), name);
        });
    }

    test("is left as it is where its database has tables, whatever backup is named", async () => {
        await using app = await ground();
        for (const archive of [name, other, ""]) assert.equal(await app.run("10", "plan_restore", archive), "");
        assert.equal(await app.marked(), undefined);
    });

    test("is left as it is where it has run, even without tables", async () => {
        await using app = await ground();
        await symlink("releases/0123456789ab", join(app.folder, "current"));
        assert.equal(await app.run("0", "plan_restore", name), "");
        assert.equal(await app.marked(), undefined);
    });

    test("is not restored over a database that does not answer", async () => {
        await using app = await ground();
        assert.match(await app.run("no answer", "plan_restore", name), /does not answer/);
        assert.equal(await app.marked(), undefined);
    });

    test("begins with nothing when no backup is named", async () => {
        await using app = await ground();
        assert.equal(await app.run("none", "plan_restore", ""), "");
        assert.equal(await app.marked(), undefined);
    });

    test("is refused when the backup is not there, with the command that sends it", async () => {
        await using app = await ground();
        const error = await app.run("none", "plan_restore", other);
        assert.match(error, new RegExp(`^the backup recall/${other} .* is not on this server: `));
        assert.match(error, /`\.\/ops\/dallinger restore FOLDER` sends the copy there/);
        assert.equal(await app.marked(), undefined);
    });

    test("is refused when the backup is damaged", async () => {
        await using app = await ground();
        await writeFile(join(app.backup, "database.dump"), "damp");
        assert.match(await app.run("none", "plan_restore", name), /is damaged, .* `\.\/ops\/dallinger restore FOLDER`/);
        assert.equal(await app.marked(), undefined);
    });

    for (const archive of [other, ""]) {
        test(`goes on with no other backup than the one it has begun with (${archive})`, async () => {
            await using app = await ground();
            await writeFile(app.mark, `${name}\n`);
            const error = await app.run("0", "plan_restore", archive);
            assert.match(error, new RegExp(`^recall is being restored from its backup ${name}, and not all of it is`));
            assert.match(error, new RegExp(`pulumi config set --path 'dallinger:experiment.archive' ${name}\``));
        });
    }

    test("does not touch files that are there already", async () => {
        await using app = await ground();
        await writeFile(join(app.root, "files/somebodys"), "");
        assert.match(await app.run("none", "plan_restore", name), /holds files, .*: move them away/);
        assert.equal(await app.marked(), undefined);
    });

    for (const archive of ["", other]) {
        test(`begins with nothing but what a broken-off removal has saved (${archive})`, async () => {
            await using app = await ground();
            await writeFile(join(app.folder, "backup"), `${app.backup}\n`);
            await writeFile(join(app.root, "files/its-own"), "");
            const error = await app.run("none", "plan_restore", archive);
            assert.match(error, new RegExp(`what that held is in the backup ${name}\\. \`./pulumi destroy\` ends the`));
            assert.equal(await app.run("none", "plan_restore", name), "");
            assert.equal(await app.marked(), name);
        });
    }
});

suite("the rows of a restored database", { skip: process.platform !== "linux" }, () => {
    const compare = (saved: string) => [
        `archive=$folder; printf '${saved}' >"$archive/rows"; mkdir -p "$folder/log"`,
        "last_words() { :; }; end_previous_restore() { :; }; admit_own() { :; }; masked() { cat; }",
        'row_counts() { printf "node 2\\na%%20table 1\\n"; }; earlier_row_counts() { printf "node 2\\na table 1\\n"; }',
        "restore_database",
    ];
    for (const [made, saved] of Object.entries({
        "this version": "a%%20table 1\nnode 2\n",
        "an earlier version, by bare names": "node 2\na table 1\n",
    })) {
        test(`are those of a backup that ${made} has made`, async () => {
            await using app = await ground();
            assert.equal(await app.run("0", "eval", compare(saved).join("\n")), "restoring the database");
        });
    }

    test("are refused when they are others", async () => {
        await using app = await ground();
        const error = await app.run("0", "eval", compare("node 3\na%%20table 1\n").join("\n"));
        assert.match(error, /has other numbers of rows than were saved/);
    });
});

suite("an app that is to come back after its removal was broken off", { skip: process.platform !== "linux" }, () => {
    /** A removal that has saved the app, and taken Redis away. */
    async function removed() {
        const app = await ground();
        await writeFile(join(app.folder, "backup"), `${app.backup}\n`);
        return app;
    }

    test("has its Redis from the backup where the database is there still, and never begins with an empty one", async () => {
        await using app = await removed();
        await writeFile(join(app.folder, "database-applied"), "");
        for (const _ of ["at first", "after another interruption"]) {
            assert.equal(await app.run("10", "plan_revival"), "");
            assert.equal(await app.marked(), name);
        }
        assert.equal(await app.run("10", "plan_restore", ""), "", "`mend` has the database looked at as well");
        assert.ok(existsSync(join(app.folder, "backup")), "until all of it is there");
        assert.equal(await app.run("10", "end_restore"), "everything that the backup holds is there again");
        assert.equal(await app.marked(), undefined);
        assert.ok(!existsSync(join(app.folder, "backup")));
    });

    test("keeps the Redis that was not taken away", async () => {
        await using app = await removed();
        await writeFile(join(app.root, "redis"), "");
        assert.equal(await app.run("10", "plan_revival"), "");
        assert.equal(await app.marked(), undefined);
        assert.ok(existsSync(join(app.folder, "backup")), "until it runs");
    });

    for (const tables of ["none", "0"] as const) {
        test(`does not begin with an empty database (${tables}): the release refuses, and so does the database`, async () => {
            await using app = await removed();
            for (const command of [["plan_revival"], ["plan_restore", ""]]) {
                const error = await app.run(tables, ...command);
                assert.match(
                    error,
                    new RegExp(`what that held is in the backup ${name}\\. \`./pulumi destroy\` ends the`),
                );
                assert.match(error, new RegExp(`config set --path 'dallinger:experiment.archive' ${name}\``));
                assert.ok(existsSync(join(app.folder, "backup")));
            }
            assert.equal(await app.run(tables, "plan_restore", name), "");
            await writeFile(join(app.folder, "database-applied"), "");
            assert.equal(await app.run("10", "plan_revival"), "", "the database has been restored");
            assert.equal(await app.marked(), name);
        });
    }

    for (const tables of ["0", "10"] as const) {
        test(`does not start on a database whose restore has failed (${tables} tables), whatever its stack says by now`, async () => {
            await using app = await ground();
            assert.equal(await app.run("0", "plan_restore", name), "");
            assert.match(
                await app.run(tables, "plan_revival"),
                new RegExp(
                    `is to begin with its backup ${name}, and its database is not restored: .*archive' ${name}\``,
                ),
            );
            assert.equal(await app.marked(), name);
        });
    }

    test("begins anew where its database never had a table", async () => {
        await using app = await removed();
        await writeBackup(app.backup, { "database.dump": "dump", rows: "" });
        for (const tables of ["none", "0"] as const) assert.equal(await app.run(tables, "plan_restore", ""), "");
        assert.equal(await app.run("0", "plan_revival"), "");
    });

    test("does not come back without Redis where its backup is gone or damaged", async () => {
        await using app = await removed();
        await writeFile(join(app.backup, "database.dump"), "damp");
        assert.match(await app.run("10", "plan_revival"), /is damaged/);
        await rm(app.backup, { recursive: true });
        assert.match(await app.run("10", "plan_revival"), /is not on this server/);
        assert.equal(await app.marked(), undefined);
    });

    test("does not go on with an empty Redis where nobody knows of a removal", async () => {
        await using app = await ground();
        assert.match(
            await app.run("10", "plan_revival"),
            /its Redis, dlgr-app-recall-redis, .* is gone: .*docker volume create/,
        );
        for (const tables of ["none", "0"] as const) assert.equal(await app.run(tables, "plan_revival"), "");
        await writeFile(join(app.root, "redis"), "");
        assert.equal(await app.run("10", "plan_revival"), "");
        assert.equal(await app.marked(), undefined);
    });

    test("is not taken for one without data while PostgreSQL does not answer", async () => {
        await using app = await removed();
        assert.match(await app.run("no answer", "plan_revival"), /does not answer/);
    });
});

suite("what is restored beside the database", { skip: process.platform !== "linux" }, () => {
    test("is the files as they were saved, again and again", async () => {
        await using app = await ground();
        const saved = join(app.root, "saved");
        await mkdir(saved);
        await writeFile(join(saved, "note"), "kept", { mode: 0o640 });
        await execa("tar", ["-C", saved, "-cf", join(app.backup, "files.tar"), "."]);
        for (const _ of [1, 2]) {
            await writeFile(join(app.root, "files/half-a-no"), "");
            assert.equal(await app.run("0", "eval", `archive=${app.backup}; restore_files`), "restoring the files");
            const { stdout } = await execa("find", ["-type", "f", "-printf", "%P %m"], {
                cwd: join(app.root, "files"),
            });
            assert.equal(stdout, "note 640");
        }
    });

    test("is the mark and the answer of the launch", async () => {
        await using app = await ground();
        await writeFile(join(app.backup, "launch-started"), "2026-01-01T00:00:00Z\n");
        await app.run("0", "eval", `archive=${app.backup}; restore_launch`);
        assert.ok(existsSync(join(app.folder, "launch-started")));
        assert.ok(!existsSync(join(app.folder, "launch.json")), "without its answer nobody knows of the launch");
        await writeFile(join(app.backup, "launch.json"), '{"status":"success"}\n');
        await app.run("0", "eval", `archive=${app.backup}; restore_launch`);
        assert.equal(await readFile(join(app.folder, "launch.json"), "utf8"), '{"status":"success"}\n');
    });
});
