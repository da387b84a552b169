import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { renderRegistryLogin } from "../../../components/image/registryLogin.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;

/** Image, and the name under which docker looks for a login to its registry. */
const REGISTRIES = {
    [`ghcr.io/lab/recall@${DIGEST}`]: "ghcr.io",
    [`10.213.1.2:5001/recall@${DIGEST}`]: "10.213.1.2:5001",
    [`localhost/recall@${DIGEST}`]: "localhost",
    [`lab/recall@${DIGEST}`]: "https://index.docker.io/v1/",
    [`recall@${DIGEST}`]: "https://index.docker.io/v1/",
    [`docker.io/lab/recall@${DIGEST}`]: "https://index.docker.io/v1/",
};

suite("a login to a registry", () => {
    for (const [image, registry] of Object.entries(REGISTRIES)) {
        test(`of ${image} is for ${registry} and nobody else`, () => {
            const { auths } = JSON.parse(renderRegistryLogin(image, { user: "lab", password: "a:b ü" }));
            assert.deepEqual(Object.keys(auths), [registry]);
            assert.equal(Buffer.from(auths[registry].auth, "base64").toString(), "lab:a:b ü");
        });
    }
});
