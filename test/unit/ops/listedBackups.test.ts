import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readServerBackups } from "../../../ops/listedBackups.ts";
import { Refusal } from "../../../ops/refusal.ts";

const said = `backup recall/20260101T120000Z
kind final
bytes 4096
fetched yes
backup pilot/20260102T000312Z-7
kind scheduled
bytes 0
off-server yes
failed pilot 2026-01-03T00:04:00Z
reason the database could not be dumped; and more
`;

suite("the backups that a server speaks of", () => {
    test("are in the order of their paths, each with what is known of it", () => {
        const { backups } = readServerBackups(said);
        assert.deepEqual(backups, [
            { path: "pilot/20260102T000312Z-7", kind: "scheduled", bytes: 0, fetched: false, offServer: true },
            { path: "recall/20260101T120000Z", kind: "final", bytes: 4096, fetched: true, offServer: false },
        ]);
    });

    test("are told apart from those that were not made", () => {
        const reason = "the database could not be dumped; and more";
        assert.deepEqual(readServerBackups(said).failed, [{ app: "pilot", time: "2026-01-03T00:04:00Z", reason }]);
    });

    test("can be none", () => {
        assert.deepEqual(readServerBackups(""), { backups: [], failed: [] });
    });

    for (const other of [
        "an error",
        "backup ../..\nkind final\nbytes 1\n",
        "backup recall/20260101T120000Z\nkind other\nbytes 1\n",
        "backup recall/20260101T120000Z\nkind final\n",
        "backup recall/20260101T120000Z\nkind final\nbytes -1\n",
    ]) {
        test(`are not read out of ${JSON.stringify(other)}`, () => {
            assert.throws(() => readServerBackups(other), Refusal);
        });
    }
});
