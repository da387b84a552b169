import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { buildEnvironment } from "../../../components/image/build/buildEnvironment.ts";
import type { RequestEnvironment } from "../../../components/local/requestEnvironment.ts";
import { destinationEnvironment } from "../../../components/targets/server/delivery/deliveryEnvironment.ts";
import { namesEnvironment } from "../../../components/targets/server/hostNames/namesEnvironment.ts";
import { reachEnvironment } from "../../../components/targets/server/reach/reachEnvironment.ts";

/** A request, and the variables that tell it: those that the resources of existing stacks have in their state. */
function example<T extends object>(
    environment: RequestEnvironment<T>,
    request: T,
    variables: Readonly<Record<string, string>>,
) {
    const check = () => {
        assert.deepEqual(environment.render(request), variables);
        assert.deepEqual(environment.read({ ...variables, PATH: "/bin" }), request);
    };
    return { environment, variables, check };
}

const build = {
    request: {
        path: "examples/recall",
        repository: "ghcr.io/lab/recall",
        platform: "linux/arm64",
        buildArgs: {},
        contentHash: "0123abcd",
        strict: false,
        knownHosts: [],
    },
    variables: {
        DALLINGER_IMAGE_PATH: "examples/recall",
        DALLINGER_IMAGE_REPOSITORY: "ghcr.io/lab/recall",
        DALLINGER_IMAGE_PLATFORM: "linux/arm64",
        DALLINGER_IMAGE_BUILD_ARGS: "{}",
        DALLINGER_IMAGE_CONTENT_HASH: "0123abcd",
    },
};
const destination = { host: "203.0.113.7", port: 2222, user: "debian", hostKey: "ssh-ed25519 AAAA" };
const EXAMPLES = {
    "a build": example(buildEnvironment, build.request, build.variables),
    "a build of which everything is said": example(
        buildEnvironment,
        {
            ...build.request,
            buildArgs: { BASE: "python:3.13", A: 'it\'s a "test"\n' },
            tagLength: 12,
            dallinger: "../Dallinger",
            strict: true,
            knownHosts: ["a.example ssh-ed25519 AAAA", "b.example ssh-ed25519 BBBB"],
            delivery: "ssh",
        },
        {
            ...build.variables,
            DALLINGER_IMAGE_BUILD_ARGS: '{"A":"it\'s a \\"test\\"\\n","BASE":"python:3.13"}',
            DALLINGER_IMAGE_TAG_LENGTH: "12",
            DALLINGER_IMAGE_DALLINGER: "../Dallinger",
            DALLINGER_IMAGE_STRICT: "yes",
            DALLINGER_IMAGE_KNOWN_HOSTS: "a.example ssh-ed25519 AAAA\nb.example ssh-ed25519 BBBB",
            DALLINGER_IMAGE_DELIVERY: "ssh",
        },
    ),
    "a delivery": example(
        destinationEnvironment,
        { ...destination, app: "recall", freeSpace: 2048, mended: "today" },
        {
            DALLINGER_DELIVERY_HOST: "203.0.113.7",
            DALLINGER_DELIVERY_PORT: "2222",
            DALLINGER_DELIVERY_USER: "debian",
            DALLINGER_DELIVERY_HOST_KEY: "ssh-ed25519 AAAA",
            DALLINGER_DELIVERY_APP: "recall",
            DALLINGER_DELIVERY_FREE_SPACE: "2048",
            DALLINGER_DELIVERY_MENDED: "today",
        },
    ),
    "a look at where names lead": example(
        namesEnvironment,
        {
            ...{ hostnames: ["a.example", "b.example"], addresses: ["198.51.100.7"], issuer: "internal" },
            ...{ host: "203.0.113.7", port: 22, user: "root", hostKey: "ssh-ed25519 AAAA" },
        },
        {
            DALLINGER_NAMES_HOSTNAMES: "a.example\nb.example",
            DALLINGER_NAMES_ADDRESSES: "198.51.100.7",
            DALLINGER_NAMES_ISSUER: "internal",
            DALLINGER_NAMES_HOST: "203.0.113.7",
            DALLINGER_NAMES_PORT: "22",
            DALLINGER_NAMES_USER: "root",
            DALLINGER_NAMES_HOST_KEY: "ssh-ed25519 AAAA",
        },
    ),
    "a look at an app's addresses": example(
        reachEnvironment,
        { hostnames: ["a.example", "b.example"], server: "203.0.113.7", addresses: [], caCertificate: "" },
        { DALLINGER_REACH_HOSTNAMES: "a.example b.example", DALLINGER_REACH_SERVER: "203.0.113.7" },
    ),
};

suite("a request to a program that a resource runs", () => {
    for (const [title, { check }] of Object.entries(EXAMPLES)) {
        test(`is told and read: ${title}`, check);
    }

    test("has the same bytes for a map in another order: it is a resource's input", () => {
        const [one, other] = [
            { A: "1", BASE: "2" },
            { BASE: "2", A: "1" },
        ].map((buildArgs) => buildEnvironment.render({ ...build.request, buildArgs }));
        assert.equal(JSON.stringify(one), JSON.stringify(other));
    });

    test("does not tell a registry, which is how images came before there were other ways", () => {
        assert.deepEqual(buildEnvironment.render({ ...build.request, delivery: "registry" }), build.variables);
    });

    test("is refused where a variable is missing, which is named", () => {
        for (const { environment, variables } of [EXAMPLES["a build"], EXAMPLES["a look at an app's addresses"]]) {
            for (const name of Object.keys(variables)) {
                assert.throws(() => environment.read({ ...variables, [name]: "" }), {
                    message: new RegExp(`^${name} is not set: this program is run by Experiment`),
                });
            }
        }
    });

    test("is refused where a variable is no request's", () => {
        for (const text of ["no JSON", "[]", '{"A":1}']) {
            assert.throws(
                () => buildEnvironment.read({ ...build.variables, DALLINGER_IMAGE_BUILD_ARGS: text }),
                /^Error: DALLINGER_IMAGE_BUILD_ARGS is not what a request says/,
            );
        }
        const { variables } = EXAMPLES["a delivery"];
        assert.throws(
            () => destinationEnvironment.read({ ...variables, DALLINGER_DELIVERY_PORT: "ssh" }),
            /PORT is not what a request says/,
        );
    });
});
