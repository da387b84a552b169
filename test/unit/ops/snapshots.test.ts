import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Refusal } from "../../../ops/refusal.ts";
import { readSnapshots } from "../../../ops/snapshots.ts";

const snapshot = (first: string, ...tags: string[]) => ({ id: first.padEnd(64, "0"), time: "2026", tags });

suite("the backups in a repository", () => {
    test("are told by their tags, each once, in the order of their names", () => {
        const told = [
            snapshot("b", "dallinger-owner=me", "dallinger-kind=final", "dallinger-backup=20260102T120000Z"),
            snapshot("a", "dallinger-owner=me", "dallinger-kind=scheduled", "dallinger-backup=20260101T120000Z"),
            snapshot("c", "dallinger-owner=me", "dallinger-kind=scheduled", "dallinger-backup=20260101T120000Z"),
            snapshot("d", "somebody's own"),
        ];
        assert.deepEqual(readSnapshots(JSON.stringify(told), "recall"), [
            { path: "recall/20260101T120000Z", kind: "scheduled", snapshot: "c0000000" },
            { path: "recall/20260102T120000Z", kind: "final", snapshot: "b0000000" },
        ]);
    });

    test("can be none, which restic tells in two ways", () => {
        assert.deepEqual(readSnapshots("[]", "recall"), []);
        assert.deepEqual(readSnapshots("null", "recall"), []);
    });

    test("are not read out of anything else", () => {
        for (const text of ["", "Fatal: wrong password", "{}"])
            assert.throws(() => readSnapshots(text, "recall"), Refusal);
    });
});
