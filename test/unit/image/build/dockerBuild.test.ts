import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { buildArguments, readInspection, readMetadata } from "../../../../components/image/build/dockerBuild.ts";

const HASH = "0123456789abcdef".repeat(4);
const DIGEST = `sha256:${HASH}`;
const request = {
    path: "examples/recall",
    repository: "ghcr.io/lab/recall",
    platform: "linux/arm64",
    buildArgs: { BASE: "python:3.13", A: 'it\'s a "test"\n' },
    contentHash: HASH,
    strict: false,
    knownHosts: [],
};

suite("the build's docker command", () => {
    const args = buildArguments(request, "/tmp/metadata.json", false);

    test("builds and pushes what comes on standard input, for the platform, under the content's tag", () => {
        assert.deepEqual(args.slice(0, 2), ["buildx", "build"]);
        assert.deepEqual(args.slice(-2), ["--push", "-"]);
        assert.equal(args[args.indexOf("--platform") + 1], "linux/arm64");
        assert.equal(args[args.indexOf("--tag") + 1], `ghcr.io/lab/recall:${HASH.slice(0, 8)}`);
    });

    test("leaves the image in the engine when no registry is to have it", () => {
        const args = (delivery: "ssh" | "server") =>
            buildArguments({ ...request, delivery }, "/tmp/metadata.json", false);
        assert.deepEqual(args("ssh").slice(-2), ["--load", "-"]);
        // A builder that the user has chosen could be anywhere.
        assert.deepEqual(args("server").slice(-4), ["--builder", "default", "--load", "-"]);
        for (const delivery of ["ssh", "server"] as const) assert.ok(!args(delivery).includes("--push"));
    });

    test("passes each build argument as one word", () => {
        const given = args.flatMap((word, index) => (word === "--build-arg" ? [args[index + 1]] : []));
        assert.deepEqual(given, ["BASE=python:3.13", 'A=it\'s a "test"\n']);
    });

    test("has a longer tag by choice", () => {
        const long = buildArguments({ ...request, tagLength: 64 }, "/tmp/metadata.json", false);
        assert.equal(long[long.indexOf("--tag") + 1], `ghcr.io/lab/recall:${HASH}`);
    });

    test("forwards the ssh agent to a build that uses it, and to no other", () => {
        assert.ok(!args.includes("--ssh"));
        const withAgent = buildArguments(request, "/tmp/metadata.json", true);
        assert.equal(withAgent[withAgent.indexOf("--ssh") + 1], "default");
    });

    test("labels the image with the whole hash and makes no attestation", () => {
        assert.ok(args.includes(`dallinger.content-hash=${HASH}`));
        assert.ok(args.includes("--provenance=false"));
    });
});

suite("what a registry says about an image", () => {
    test("is read from the description of a single-platform image", () => {
        const json = JSON.stringify({
            manifest: { digest: DIGEST },
            image: { config: { Labels: { "dallinger.content-hash": HASH } } },
        });
        assert.deepEqual(readInspection(json), { digest: DIGEST, contentHash: HASH });
    });

    for (const json of ["", "null", "[]", "not json", '{"manifest":null}', '{"manifest":{"digest":"sha256:1"}}']) {
        test(`is nothing in ${JSON.stringify(json)}`, () => assert.deepEqual(readInspection(json), {}));
    }

    test("includes no hash for an image that somebody else built", () => {
        const json = JSON.stringify({ manifest: { digest: DIGEST }, image: { config: { Labels: null } } });
        assert.deepEqual(readInspection(json), { digest: DIGEST });
    });
});

test("the pushed digest is read from BuildKit's metadata", () => {
    assert.equal(readMetadata(JSON.stringify({ "containerimage.digest": DIGEST, "image.name": "x" })), DIGEST);
    assert.equal(readMetadata("{}"), undefined);
});
