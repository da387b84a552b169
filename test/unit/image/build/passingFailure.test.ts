import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isPassing } from "../../../../components/image/build/buildFailure.ts";
import { failing } from "./failingBuild.ts";

const PUSH = "pushing ghcr.io/lab/recall:1a2b with docker";

suite("a push that failed", () => {
    for (const error of [
        "received unexpected HTTP status: 500 Internal Server Error",
        "failed to push ghcr.io/lab/recall:1: unexpected status from PUT request to https://ghcr.io/v2/x: 503 Service Unavailable",
        'Put "https://ghcr.io/v2/x": read tcp 10.0.0.1:1->10.0.0.2:443: read: connection reset by peer',
        "unexpected EOF",
    ]) {
        test(`may succeed in a moment after ${error}`, () => {
            for (const name of [PUSH, "exporting to image"]) assert.ok(isPassing(failing(name, [], error)));
        });
    }

    for (const error of ["denied", "received unexpected HTTP status: 404 Not Found", "name unknown: 500 projects"]) {
        test(`stays failed after ${error}`, () => assert.ok(!isPassing(failing(PUSH, [], error))));
    }

    test("is not what a step of the build is", () => {
        assert.ok(!isPassing(failing("[prepared 2/5] RUN pip install x", [], "unexpected EOF")));
        assert.ok(!isPassing(["nothing of a step"]));
    });
});
