import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { whyTheyFailed } from "../../stories/whyTheyFailed.ts";

suite("the closing lines of a failed run say which tests failed, but not why", () => {
    test("each failed test is told with the message of its error", () => {
        const failures = [
            { name: "a step", message: "\u001b[31mExpected\u001b[39m 1\nto be 0" },
            { name: "another", message: "it does not come to be" },
        ];
        assert.equal(
            whyTheyFailed(failures),
            "why they failed:\n* a step\n    Expected 1\n    to be 0\n* another\n    it does not come to be\n",
        );
    });

    test("a story that failed for one of its steps has no reason of its own", () => {
        const step = { name: "a step", message: "1 !== 0" };
        const story = { name: "a story", message: "the story ends with this step: a step" };
        const file = { name: "a file", message: "1 subtest failed" };
        assert.equal(whyTheyFailed([step, story, file]), whyTheyFailed([step]));
    });

    test("of a long message the beginning and the end are told", () => {
        const reasons = whyTheyFailed([{ name: "a step", message: `first ${"x".repeat(100_000)} last` }]);
        assert.match(reasons, /^ {4}first x+\n {4}\[…\]\n {4}x+ last$/m);
        assert.ok(reasons.length < 1200);
    });

    test("nothing is said when nothing failed", () => {
        assert.equal(whyTheyFailed([]), "");
    });
});
