import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { appToRemove } from "./appToRemove.ts";

suite("the removal of a database", { skip: process.platform !== "linux" }, () => {
    for (const [what, saving] of Object.entries({
        "has no backup": ":",
        "has a backup without a name": ': >"$folder/backup"',
        "has a backup that is gone": 'echo "$backups/gone" >"$folder/backup"',
    })) {
        test(`keeps one that ${what}`, async () => {
            await using server = await appToRemove({ saving: `backup() { ${saving}; }` });
            for (const words of [["database"], ["all", "5"]]) {
                const { exitCode, stderr } = await server.remove(...words);
                assert.equal(exitCode, 1);
                assert.match(stderr, /the database of recall has no verified backup and is kept$/);
                assert.doesNotMatch(stderr, /No such file/);
            }
            assert.ok((await server.left()).includes("database"));
            assert.ok(server.app.has("database-made") && server.app.has("database-applied"));
        });
    }

    test("needs no backup of one that is being restored: it comes from one", async () => {
        await using server = await appToRemove({ saving: "backup() { exit 9; }" });
        await server.app.put("restore-started", "20260101T120000Z");
        const { exitCode, stderr } = await server.remove("all", "5");
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(await server.left(), ["containers"]);
    });

    test("neither saves nor drops one that is not the app's", async () => {
        await using server = await appToRemove({ saving: "backup() { exit 9; }" });
        await rename(server.app.path("database-made"), join(server.app.root, "made"));
        const { exitCode, stderr } = await server.remove("all", "5");
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(await server.left(), ["containers", "database"]);
    });
});
