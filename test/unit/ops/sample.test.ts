import assert from "node:assert/strict";
import { test } from "node:test";
import { readSample } from "../../../ops/stats/sample.ts";

const use = '{"Name":"web-1","CPUPerc":"0.52%","MemUsage":"61.2MiB / 512MiB"}';
const told = { name: "web-1", processor: "0.52%", memory: "61.2MiB / 512MiB" };

for (const [what, lines, requests] of [
    ["are what came between two counts, in a second", ["accepted web-1 10 1.00", use, "accepted web-1 16 3.00"], 3],
    ["are none where none came", ["accepted web-1 10 1.00", use, "accepted web-1 10 3.00"], 0],
    ["are not known where they were counted once", [use, "accepted web-1 10 3.00"], undefined],
    ["are not known where the web has begun anew", ["accepted web-1 10 1.00", use, "accepted web-1 2 3.00"], undefined],
    ["are not those of another", ["accepted web-2 10 1.00", use, "accepted web-2 16 3.00"], undefined],
    ["are not known where nobody counts", [use], undefined],
    [
        "are not known where what was counted is no number",
        ["accepted web-1 a 1.00", use, "accepted web-1 -1 3.00"],
        undefined,
    ],
] as const) {
    test(`requests ${what}`, () => {
        assert.deepEqual(readSample(lines), [requests === undefined ? told : { ...told, requests }]);
    });
}
