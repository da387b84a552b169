import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mergedLines } from "../../../ops/logs/mergedLines.ts";
import { readRelease } from "../../../ops/logs/release.ts";
import { readSince } from "../../../ops/logs/since.ts";
import { allOf } from "../../support/allOf.ts";

const now = new Date("2026-03-01T12:00:00Z");

test("from when on logs are shown is how long ago, or a time that has been", () => {
    for (const [text, expected] of [
        ["90s", { secondsAgo: 90 }],
        ["10m", { secondsAgo: 600 }],
        ["1h30m", { secondsAgo: 5400 }],
        ["3d", { secondsAgo: 259_200 }],
        ["2026-02-28", { time: "2026-02-28T00:00:00.000Z" }],
        ["2026-02-28T09:00", { time: "2026-02-28T09:00:00.000Z" }],
        ["2026-02-28 09:00:01", { time: "2026-02-28T09:00:01.000Z" }],
        ["2026-02-28T09:00:00Z", { time: "2026-02-28T09:00:00.000Z" }],
        ["2026-02-28T09:00:00+02:00", { time: "2026-02-28T07:00:00.000Z" }],
        // As a line of a log has it.
        ["2026-02-28T09:00:00.123456789Z", { time: "2026-02-28T09:00:00.123Z" }],
    ] as const)
        assert.deepEqual(readSince(text, now), expected, text);
});

test("what is neither is refused", () => {
    const others = [
        "",
        "10",
        "m",
        "-10m",
        "10 m",
        "10w",
        "yesterday",
        "2026-02-30",
        "2026-13-01",
        "2026-02-28T25:00",
        "2026-03-01T12:01Z",
    ];
    for (const text of [...others, "10m; reboot", "$(reboot)"]) assert.equal(readSince(text, now), undefined, text);
    fc.assert(
        fc.property(fc.string(), (text) => {
            const since = readSince(text, now);
            if (since !== undefined && "time" in since) assert.ok(new Date(since.time) <= now);
        }),
    );
});

test("a release is one by its id, or all of them", () => {
    assert.deepEqual(["0123456789ab", "all"].map(readRelease), ["0123456789ab", "all"]);
    for (const text of ["", "0123", "0123456789AB", "../x", "0123456789ab "])
        assert.equal(readRelease(text), undefined);
});

test("logs that are each in order are one in order, with every line of them", async () => {
    const log = fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 20 }).map((numbers) => {
        return numbers.toSorted((a, b) => a - b).map((number) => `T${String(number).padStart(2, "0")}Z text`);
    });
    await fc.assert(
        fc.asyncProperty(fc.array(log, { maxLength: 5 }), async (logs) => {
            const merged = await allOf(mergedLines(logs.map(each)));
            assert.deepEqual(merged, logs.flat().toSorted());
        }),
    );
});

test("no more than a line of each log is held, and each ends with who reads", async () => {
    let [taken, ended] = [0, 0];
    async function* endless(): AsyncGenerator<string> {
        try {
            for (;;) yield `T${taken++}`;
        } finally {
            ended++;
        }
    }
    let read = 0;
    for await (const _ of mergedLines([endless(), endless()])) if (++read === 100) break;
    assert.ok(taken <= 102, `${taken}`);
    assert.equal(ended, 2);
});

async function* each(lines: readonly string[]): AsyncGenerator<string> {
    yield* lines;
}
