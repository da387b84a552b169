import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { readServerBackups } from "../../../ops/listedBackups.ts";
import { placeDoor, serverFolder, writeBackup } from "../serverScripts.ts";

suite("the backups on a server", { skip: process.platform !== "linux" }, () => {
    test("are told with how they came to be, how large they are and where else they are", async () => {
        await using server = await serverFolder();
        const { root } = server;
        await placeDoor(root, join(root, "server/bin"), "server");
        const backup = (path: string) => join(root, "backups", path);
        await writeBackup(backup("recall/20260101T120000Z"), { "database.dump": "a dump" });
        await writeFile(backup("recall/20260101T120000Z/fetched"), "");
        await writeBackup(backup("pilot/20260102T120000Z"), { "database.dump": "a dump", kind: "scheduled\n" });
        await writeFile(backup("pilot/20260102T120000Z/off-server"), "s3:https://s3.lab.example/b\n0a1b\n");
        // As an earlier version has noted it, which says nothing of the repository that is there now.
        await writeFile(backup("recall/20260101T120000Z/off-server"), "s3:https://s3.lab.example/b");
        // What is being made, or sent, is none.
        await writeBackup(backup("pilot/.incomplete"), { "database.dump": "half" });
        await mkdir(join(root, "apps/pilot"), { recursive: true });
        await writeFile(join(root, "apps/pilot/backup-failed"), "2026-01-03T00:04:00Z\nPostgreSQL is down\n");
        const { stdout } = await execa(join(root, "server/bin/server"), ["backups"]);
        const { backups, failed } = readServerBackups(stdout);
        assert.deepEqual(
            backups.map(({ path, kind, fetched, offServer }) => [path, kind, fetched, offServer]),
            [
                ["pilot/20260102T120000Z", "scheduled", false, true],
                ["recall/20260101T120000Z", "final", true, false],
            ],
        );
        assert.ok(backups.every(({ bytes }) => bytes > 6));
        assert.deepEqual(failed, [
            {
                app: "pilot",
                time: "2026-01-03T00:04:00Z",
                reason: "a scheduled backup was not made: PostgreSQL is down",
            },
        ]);
    });

    test("can be none", async () => {
        await using server = await serverFolder();
        await placeDoor(server.root, join(server.root, "server/bin"), "server");
        const { stdout, exitCode } = await execa(join(server.root, "server/bin/server"), ["backups"]);
        assert.deepEqual([exitCode, stdout], [0, ""]);
    });
});
