import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readOptions } from "../../bench/options.ts";

suite("how much the benchmarks measure", () => {
    test("can be less, and elsewhere", () => {
        const environment = {
            DALLINGER_BENCH_RUNS: "1",
            DALLINGER_BENCH_ROUND_TRIPS: "50",
            DALLINGER_BENCH_APPS: "3 1 3",
            DALLINGER_BENCH_CASES: "apps no-op",
            DALLINGER_BENCH_PREDECESSOR: "no",
            DALLINGER_BENCH_OUTPUT: "else.md",
        };
        const expected = { runs: 1, roundTrips: [50], apps: [1, 3], cases: ["no-op", "apps"], output: "else.md" };
        assert.deepEqual(readOptions(environment), { ...expected, predecessor: false });
        assert.equal(readOptions({}).predecessor, true);
    });

    test("is refused with a line for each value that is wrong", () => {
        const environment = {
            DALLINGER_BENCH_RUNS: "0",
            DALLINGER_BENCH_ROUND_TRIPS: "0 fast",
            DALLINGER_BENCH_APPS: "",
            DALLINGER_BENCH_CASES: "lives",
            DALLINGER_BENCH_PREDECESSOR: "maybe",
        };
        const lines = [
            'DALLINGER_BENCH_RUNS takes one whole number from 1 on, not "0"',
            'DALLINGER_BENCH_ROUND_TRIPS takes whole numbers from 0 on, not "0 fast"',
            'DALLINGER_BENCH_APPS takes whole numbers from 1 on, not ""',
            'DALLINGER_BENCH_CASES takes no-op, life, load, pairs, apps, not "lives"',
            'DALLINGER_BENCH_PREDECESSOR takes yes or no, not "maybe"',
        ];
        assert.throws(() => readOptions(environment), { message: lines.join("\n") });
        assert.throws(() => readOptions({ DALLINGER_BENCH_RUNS: "5 6" }), /takes one whole number/);
    });
});
