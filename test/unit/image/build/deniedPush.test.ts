import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { explainFailure } from "../../../../components/image/build/buildFailure.ts";
import { failing } from "./failingBuild.ts";

suite("the explanation of a push that was denied", () => {
    const refusals = [
        "denied",
        "no basic auth credentials",
        "unauthorized: authentication required",
        "denied: requested access to the resource is denied",
        "failed to push ghcr.io/lab/recall:1: failed to authorize: 403 Forbidden",
        "push access denied, repository does not exist or may require authorization: insufficient_scope: authorization failed",
        "unexpected status from HEAD request to https://ghcr.io/v2/lab/recall/blobs/sha256:1a: 401 Unauthorized",
    ];
    const pushes = ["pushing ghcr.io/lab/recall:1a2b with docker", "exporting to image"];
    for (const error of refusals) {
        for (const name of pushes) {
            test(`says which login is missing for ${JSON.stringify(error)} while ${name}`, () => {
                const output = failing(name, [], error);
                assert.equal(
                    explainFailure({ output, repository: "ghcr.io/lab/recall" }),
                    "the push to ghcr.io/lab/recall was denied: `docker login ghcr.io` as someone who may write there",
                );
            });
        }
    }
});
