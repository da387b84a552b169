import assert from "node:assert/strict";
import { test } from "node:test";
import { idleCosts } from "../../bench/cases/idle.ts";

test("what an idle app costs is the mean of the apps: of processors between two moments, of memory at the end", () => {
    const before = "web one 1000000 104857600\nweb two 3000000 104857600\nengine all 500000 0\n";
    const after = "web one 1600000 104857600\nweb two 3600000 209715200\nengine all 1100000 0\n";
    const costs = idleCosts(before, after, 60).map((one) => ({ ...one, percent: Number(one.percent.toFixed(6)) }));
    assert.deepEqual(costs, [
        { part: "web", apps: 2, percent: 1, mebibytes: 150 },
        { part: "engine", apps: 2, percent: 0.5, mebibytes: 0 },
    ]);
});
