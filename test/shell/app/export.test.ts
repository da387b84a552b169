import assert from "node:assert/strict";
import { symlink, writeFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ScriptedApp } from "./appOnServer.ts";

/** A server with an app's database, which prints the statements that it gets as a part, and whose web has logged a secret. */
const docker = `
case "$*" in
*"-u postgres"*) cat >/dev/null; echo 1 ;;
*"-u nobody"*)
    statements=$(sed '/: complete/q')
    case $statements in
    "SELECT count(*) FROM (SELECT row_number()"*) echo 3 ;;
    BEGIN*)
        [ ! -e "$STATE/broken" ] || { echo "ERROR:  it says the-secret" >&2; exit 3; }
        printf '%s\\n' "$statements" >"$STATE/statements"
        echo ": names"; echo aW5mbwo=; echo ": complete"
        # psql ends when nothing can come any more.
        cat >/dev/null ;;
    esac ;;
"ps -aq"*service=web*) echo the-web ;;
"logs --timestamps the-web") echo "a line with the-secret in it" ;;
esac`;

async function ground() {
    const app = await ScriptedApp.create({ docker });
    await app.put("database-made", "");
    await app.put("releases/a1/record.json", '{"release":"a1"}\n');
    await app.put("releases/a1/secrets", "the-secret\n");
    await app.put("log/none", "");
    await symlink("releases/a1", app.path("current"));
    return app;
}

/** Parts of a stream with what they hold. */
function partsOf(stream: string): [string, string][] {
    return stream
        .split(/^: /m)
        .slice(1)
        .map((part) => {
            const [name = "", ...content] = part.trimEnd().split("\n");
            return [name, Buffer.from(content.join(""), "base64").toString()];
        });
}

suite("an app that is exported", { skip: process.platform !== "linux" }, () => {
    test("tells its release and its tables, and nothing that was not asked for", async () => {
        await using app = await ground();
        await app.put("launch-started", "2026-03-01T12:00:00Z\n");
        const { exitCode, stdout, stderr } = await app.send("app", ["export"], "");
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(partsOf(stdout), [
            ["record", '{"release":"a1"}\n'],
            ["launch-started", "2026-03-01T12:00:00Z\n"],
            ["names", "info\n"],
            ["complete", ""],
            ["end", ""],
        ]);
    });

    test("is read in one snapshot, by its own role, with room for tables that have just come", async () => {
        await using app = await ground();
        await app.send("app", ["export", "dump"], "");
        const statements = await app.read("../../state/statements");
        assert.match(statements, /^BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;$/m);
        assert.match(statements, /pg_dump -w --format=custom --snapshot="\$SNAPSHOT"/);
        assert.equal(statements.match(/^EXECUTE copying/gm)?.length, 23);
        const sessions = (await app.calls()).filter((call) => call.includes("psql"));
        for (const call of sessions.filter((each) => !each.includes("-u postgres")))
            assert.match(call, /-u nobody -e PGUSER=app_recall -e PGDATABASE=app_recall/);
    });

    test("gives its files and logs when they are asked for, without its secrets", async () => {
        await using app = await ground();
        await app.put("../../files/recall/drawing.txt", "a house\n");
        await app.put("log/former/none", "");
        await writeFile(app.path("log/former/web-20260301T120000Z-abc.log.gz"), gzipSync("before, the-secret\n"));
        const { exitCode, stdout, stderr } = await app.send("app", ["export", "files", "logs"], "");
        assert.equal(exitCode, 0, stderr);
        const parts = new Map(partsOf(stdout));
        assert.match(parts.get("files") ?? "", /drawing\.txt[\s\S]*a house/);
        assert.equal(parts.get("log web"), "a line with [secret] in it\n");
        assert.equal(parts.get("log former-web-20260301T120000Z-abc"), "before, [secret]\n");
        assert.equal(stdout.match(/^: told 0$/gm)?.length, 7);
    });

    test("says why its database could not be read, without its secrets", async () => {
        await using app = await ground();
        await app.put("../../state/broken", "");
        const { exitCode, stdout, stderr } = await app.send("app", ["export"], "");
        assert.equal(exitCode, 1);
        assert.match(stderr, /^ERROR: {2}it says \[secret\]$/m);
        assert.match(stderr, /the database of recall could not be read to its end/);
        assert.doesNotMatch(stdout, /: end/);
    });

    test("is refused while it is being restored, and where it has no database", async () => {
        await using app = await ground();
        await app.put("restore-started", "20260301T120000Z\n");
        assert.match(
            (await app.send("app", ["export"], "")).stderr,
            /is being restored from its backup 20260301T120000Z/,
        );
        await using other = await ScriptedApp.create({ docker });
        assert.match((await other.send("app", ["export"], "")).stderr, /recall has no database on this server/);
    });
});
