import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readTimings } from "../../../ops/timings.ts";
import { ScriptedApp } from "./appOnServer.ts";

/** A server on which a database can be made, if that is not to fail, and nothing else. */
const docker = `case $* in *psql*) asked=$(cat); [ ! -e "$STATE/down" ] || exit 1; case $asked in *pg_database*) echo 0 ;; esac ;; esac`;
const database = (password: string) => [
    { path: "connections", content: "50\n", mode: "600" as const },
    { path: "password", content: `${password}\n`, mode: "600" as const },
];

suite("what a deployment takes its time for", { skip: process.platform !== "linux" }, () => {
    test("is told in the seconds of each of its steps", async () => {
        await using app = await ScriptedApp.create({ docker });
        await app.put("../../server/layout.json", '{\n "version": 2\n}\n');
        assert.deepEqual(await told(app), []);
        const { exitCode, stderr } = await app.start("database", [], database("first"));
        assert.equal(exitCode, 0, stderr);
        const steps = await told(app);
        assert.deepEqual(
            steps.map(({ command, step }) => [command, step]),
            [
                ["database", "receiving it, and waiting for others' commands"],
                ["database", "looking at what it begins with"],
                ["database", "preparing the database"],
            ],
        );
        for (const { ended, seconds } of steps) {
            assert.match(ended, /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/);
            assert.ok(seconds >= 0 && seconds < 60, String(seconds));
        }
    });

    test("stays that of the last one that has done something", async () => {
        await using app = await ScriptedApp.create({ docker });
        await app.put("../../server/layout.json", '{\n "version": 2\n}\n');
        await app.start("database", [], database("first"));
        const before = await app.read("log/timings/database");
        await app.start("database", [], database("first"));
        await app.put("../../state/down", "");
        assert.equal((await app.start("database", [], database("second"))).exitCode, 1);
        assert.equal(await app.read("log/timings/database"), before);
    });

    test("fails no deployment where it cannot be kept", async () => {
        await using app = await ScriptedApp.create({ docker });
        await app.put("../../server/layout.json", '{\n "version": 2\n}\n');
        await app.put("log/timings", "a file in the place of the folder");
        const { exitCode, stderr } = await app.start("database", [], database("first"));
        assert.deepEqual([exitCode, app.has("database-applied")], [0, true]);
        assert.match(stderr, /^how long it took is not kept: /m);
    });
});

async function told(app: ScriptedApp) {
    return readTimings((await app.start("timings")).stdout.split("\n"));
}
