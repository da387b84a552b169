import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
    imageTag,
    readBuildOutput,
    registryOf,
    renderBuildOutput,
} from "../../../../components/image/build/imageName.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

suite("an image's name", () => {
    test("has eight hex digits of the content hash as its tag, or as many as are wanted", () => {
        const hash = "0123456789abcdef".repeat(4);
        assert.equal(imageTag(hash), "01234567");
        assert.equal(imageTag(hash, 12), "0123456789ab");
        assert.equal(imageTag(hash, 64), hash);
    });

    const registries = {
        "ghcr.io/lab/recall": "ghcr.io",
        "localhost/recall": "localhost",
        "10.213.7.2:5000/recall": "10.213.7.2:5000",
        "registry:5000/lab/recall": "registry:5000",
        "lab/recall": "docker.io",
        recall: "docker.io",
    };
    for (const [repository, registry] of Object.entries(registries)) {
        test(`${repository} belongs to ${registry}`, () => assert.equal(registryOf(repository), registry));
    }

    test("is read from the last line of the build program's output", () => {
        const reference = `ghcr.io/lab/recall@${DIGEST}`;
        assert.deepEqual(readBuildOutput(reference), { reference, commit: "" });
        assert.deepEqual(readBuildOutput(`noise\n${reference}\n`), { reference, commit: "" });
        assert.deepEqual(readBuildOutput(`${DIGEST}\n`), { reference: DIGEST, commit: "" });
        for (const commit of ["", "0123abcd", "0123abcd+changes"]) {
            assert.deepEqual(readBuildOutput(renderBuildOutput({ reference, commit })), { reference, commit });
        }
    });

    for (const stdout of ["", "ghcr.io/lab/recall:tag", `ghcr.io/lab/recall@${DIGEST}0`, `a b@${DIGEST}`]) {
        test(`is not read from ${JSON.stringify(stdout)}`, () =>
            assert.throws(() => readBuildOutput(stdout), /does not name it by digest/));
    }
});
