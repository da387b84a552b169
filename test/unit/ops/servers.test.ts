import assert from "node:assert/strict";
import { test } from "node:test";
import { readServerUse } from "../../../ops/servers.ts";

const lines = [
    ...["layout 2", "up 86400", "load 0.42", "processors 2", "memory 2000", "memory-free 1000", "engine 28.1.1"],
    ...["disk 40000", "disk-free 30000", "app recall", "app other"],
];

test("a server says how it is in lines of its own words", () => {
    assert.deepEqual(readServerUse(`${lines.join("\n")}\n`), {
        ...{ layout: 2, engine: "28.1.1", up: 86400, load: 0.42, processors: 2, memory: 2000, memoryFree: 1000 },
        ...{ disk: 40000, diskFree: 30000, apps: ["recall", "other"] },
    });
});

test("one that leaves something out is not taken for one that has nothing of it", () => {
    for (const left of lines.filter((line) => !line.startsWith("app "))) {
        const rest = lines.filter((line) => line !== left).join("\n");
        assert.throws(() => readServerUse(rest), Error, left);
    }
});
