import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { check, EXPERIMENT, problemAt } from "../rawConfiguration.ts";

const experiment = (keys: object) => ({ experiment: { ...EXPERIMENT, ...keys } });
const image = (keys: object) => experiment({ image: keys });
const DIGEST = `ghcr.io/lab/recall@sha256:${"0".repeat(64)}`;

/** Title, blocks, path of the problem, its message, its fix when it matters. */
const REFUSED: readonly (readonly [string, object, string, RegExp, string?])[] = [
    [
        "no image",
        experiment({ image: undefined }),
        "experiment.image",
        /needs repository .*, reference .* unless config\.txt has docker_image_base_name/,
        "pulumi config set --path 'dallinger:experiment.image.repository' ghcr.io/lab/recall",
    ],
    ["an empty image", image({}), "experiment.image", /needs repository .*, reference .*, or delivery ssh or server/],
    [
        "two images",
        image({ repository: "a/b", reference: DIGEST }),
        "experiment.image.reference",
        /excludes image.repository/,
    ],
    ["a repository with tag", image({ repository: "a/b:1" }), "experiment.image.repository", /without tag and digest/],
    [
        "a reference to a repository",
        image({ reference: "a/b" }),
        "experiment.image.reference",
        /by digest .* or by tag/,
    ],
    ["a reference that is none", image({ reference: "a/B:1" }), "experiment.image.reference", /by digest .* or by tag/],
    [
        "another delivery",
        image({ repository: "a/b", delivery: "mail" }),
        "experiment.image.delivery",
        /must be registry, ssh or server, not "mail"/,
    ],
    [
        "a delivery of what a registry has",
        image({ reference: DIGEST, delivery: "ssh" }),
        "experiment.image.delivery",
        /left out beside image.reference/,
        "pulumi config rm --path 'dallinger:experiment.image.delivery'",
    ],
    [
        "a user of no registry",
        { ...image({ delivery: "ssh", registryUser: "lab" }), serverSecrets: { registryPassword: "a" } },
        "experiment.image.registryUser",
        /has no use with image.delivery ssh/,
    ],
    [
        "a delivery without folder",
        experiment({ path: undefined, image: { delivery: "server" } }),
        "experiment.path",
        /is required with image.delivery/,
    ],
    [
        "another platform than the server's",
        image({ repository: "a/b", platform: "linux/arm64" }),
        "experiment.image.platform",
        /but the server is linux\/amd64/,
    ],
    ["a base that is no image", image({ repository: "a/b", base: "a b" }), "experiment.image.base", /must be an image/],
    [
        "a checkout by an absolute path",
        image({ repository: "a/b", dallinger: "/srv/Dallinger" }),
        "experiment.image.dallinger",
        /relative to Pulumi\.yaml/,
    ],
    ["a limit of nothing", image({ repository: "a/b", maxSize: 0 }), "experiment.image.maxSize", /from 1 to 100000/],
    ["a tag too short", image({ repository: "a/b", tagLength: 7 }), "experiment.image.tagLength", /from 8 to 64/],
    ["half strictness", image({ repository: "a/b", strict: "some" }), "experiment.image.strict", /true or false/],
    [
        "a known host without a key",
        image({ repository: "a/b", knownHosts: ["github.com"] }),
        "experiment.image.knownHosts[0]",
        /must be a line of known_hosts/,
    ],
    [
        "a user of the registry without password",
        image({ repository: "a/b", registryUser: "lab" }),
        "serverSecrets.registryPassword",
        /is required with experiment.image.registryUser/,
        "pulumi config set --secret --path 'dallinger:serverSecrets.registryPassword'",
    ],
    [
        "a user of the registry with a colon",
        image({ repository: "a/b", registryUser: "lab:word" }),
        "experiment.image.registryUser",
        /must be a user name of the registry/,
    ],
];

suite("an image is refused, with the path and what is allowed, for", () => {
    for (const [title, blocks, path, message, fix] of REFUSED) {
        test(title, () => {
            const problem = problemAt(`dallinger:${path}`, blocks);
            assert.match(problem?.message ?? JSON.stringify(check(blocks).problems), message);
            if (fix !== undefined) assert.equal(problem?.fix, fix);
        });
    }
});
