import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { readRange, readRequest } from "../../../../../components/targets/server/delivery/imageServer.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;

suite("a request to a registry", () => {
    test("asks for the registry itself, a manifest or a blob", () => {
        assert.equal(readRequest("/v2/", "repo"), "base");
        assert.deepEqual(readRequest(`/v2/repo/manifests/${DIGEST}`, "repo"), { kind: "manifests", digest: DIGEST });
        assert.deepEqual(readRequest(`/v2/repo/blobs/${DIGEST}?ns=x`, "repo"), { kind: "blobs", digest: DIGEST });
    });

    for (const url of [
        "/",
        "/v2/_catalog",
        "/v2/repo/tags/list",
        "/v2/repo/manifests/latest",
        `/v2/other/manifests/${DIGEST}`,
        `/v2/repo/../repo/blobs/${DIGEST}/..`,
        `/v2/repo/blobs/${DIGEST}0`,
        "//",
    ]) {
        test(`for anything else is for nothing: ${url}`, () => assert.equal(readRequest(url, "repo"), undefined));
    }

    test("may go on with a blob where it broke off", () => {
        assert.deepEqual(readRange("bytes=10-", 100), { start: 10, end: 99 });
        assert.deepEqual(readRange("bytes=10-19", 100), { start: 10, end: 19 });
        assert.deepEqual(readRange("bytes=10-500", 100), { start: 10, end: 99 });
    });

    test("asks for all of a blob when its range is none, or none that there is", () => {
        for (const header of [undefined, "", "bytes=100-", "bytes=-5", "bytes=0-1,5-6", "lines=1-2"]) {
            assert.equal(readRange(header, 100), undefined, header);
        }
    });

    test("never reaches outside the blob", () => {
        fc.assert(
            fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(), (text, from, to, size) => {
                for (const header of [text, `bytes=${from}-${to}`, `bytes=${from}-`]) {
                    const range = readRange(header, size);
                    if (range !== undefined) assert.ok(range.start < size && range.end < size);
                }
            }),
        );
    });
});
