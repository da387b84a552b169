import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { median, ratios, spread } from "../../bench/results/statistics.ts";

const series = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 9 });

suite("the median", () => {
    test("is the value in the middle, or between the two there, in whatever order they come", () => {
        assert.deepEqual([median([3, 1, 10]), median([4, 1, 2, 10]), median([7])], [3, 3, 7]);
    });

    test("has as many values above it as below", () => {
        fc.assert(
            fc.property(series, (values) => {
                const middle = median(values);
                const below = values.filter((value) => value < middle).length;
                const above = values.filter((value) => value > middle).length;
                return below <= values.length / 2 && above <= values.length / 2;
            }),
        );
    });
});

test("a series is told by its median, its smallest and its largest value", () => {
    assert.equal(spread([10.04, 9.5, 12], 1), "10.0 (9.5–12.0)");
    assert.equal(spread([5, 5, 5], 0), "5");
    assert.equal(spread([], 0), "–");
});

test("the ratio of two series is that of their medians, with the smallest and the largest of a pair", () => {
    assert.equal(ratios([2, 3, 4], [2, 2, 2]), "1.50 (1.00–2.00)");
    assert.equal(ratios([], []), "–");
    assert.equal(ratios([1], []), "–");
});
