import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { appNames } from "../../../../components/targets/server/appNames.ts";

suite("an app's names", () => {
    for (const app of ["..", ".", "", "a/../..", "../server", "Recall", "-recall", "recall_", "a b"]) {
        test(`are not made of ${JSON.stringify(app)}: its removal would take away what is not its own`, () => {
            assert.throws(() => appNames(app), RangeError);
        });
    }
});
