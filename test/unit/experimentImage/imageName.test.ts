import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { imageTag, readReference, registryOf } from "../../../components/experimentImage/imageName.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

suite("an image's name", () => {
    test("has at least eight hex digits of the content hash as its tag", () => {
        const hash = "0123456789abcdef".repeat(4);
        assert.match(imageTag(hash), /^[0-9a-f]{8,}$/);
        assert.ok(hash.startsWith(imageTag(hash)));
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
        assert.equal(readReference(`ghcr.io/lab/recall@${DIGEST}`), `ghcr.io/lab/recall@${DIGEST}`);
        assert.equal(readReference(`noise\nghcr.io/lab/recall@${DIGEST}\n`), `ghcr.io/lab/recall@${DIGEST}`);
    });

    for (const stdout of ["", "ghcr.io/lab/recall:tag", `ghcr.io/lab/recall@${DIGEST}0`, `a b@${DIGEST}`]) {
        test(`is not read from ${JSON.stringify(stdout)}`, () =>
            assert.throws(() => readReference(stdout), /does not name it by digest/));
    }
});
