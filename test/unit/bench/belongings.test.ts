import assert from "node:assert/strict";
import { test } from "node:test";
import { whatHasStayed } from "../../bench/cases/belongings.ts";

test("what has stayed is what was not there before, and of paths the folder that holds the others", () => {
    const before = ["path /srv/backups", "role postgres", "volume without a name"];
    const now = [...before, "path /srv/backups/app", "path /srv/backups/app/1", "path /srv/backups/apples", "role app"];
    assert.deepEqual(whatHasStayed(before, now), ["path /srv/backups/app", "path /srv/backups/apples", "role app"]);
    assert.deepEqual(whatHasStayed(now, before), []);
});
