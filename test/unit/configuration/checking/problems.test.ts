import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../../../../components/configuration/checking/problems.ts";

test("explains each problem on a line below the title, its fix line by line under it", () => {
    const problems = [
        { path: "dallinger:server.host", message: "is required" },
        { path: "dallinger:settings.mode", message: "must be live", fix: "first\nthen" },
    ];
    assert.equal(
        explain("wrong:", problems),
        "wrong:\n  - dallinger:server.host: is required\n  - dallinger:settings.mode: must be live\n        first\n        then",
    );
});

test("is only the title without problems", () => {
    assert.equal(explain("all right", []), "all right");
});
