import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
    appHostnames,
    ipAddress,
    isDnsLabel,
    isHostAddress,
    isHostName,
    isWildcardName,
} from "../../../../components/configuration/checking/hostNames.ts";
import {
    isImageReference,
    isPinnedReference,
    isRepository,
    isSpecificReference,
    repositoryOf,
} from "../../../../components/configuration/checking/imageReference.ts";

const label63 = "a".repeat(63);
const digest = `sha256:${"0".repeat(64)}`;

suite("host names", () => {
    const right = ["lab.example", "a", "localhost", "a-b.c1", "1a.b", "xn--bcher-kva.example", label63];
    const wrong = [
        "",
        ".",
        "a.",
        ".a",
        "-a",
        "a-",
        "A.b",
        "a_b",
        "a b",
        "a/b",
        "a:1",
        "*.a",
        `${label63}a`,
        "1.2.3.4",
        "1.2.3",
        "::1",
    ];
    for (const name of right) test(`takes ${name}`, () => assert.equal(isHostName(name), true));
    for (const name of wrong) test(`refuses ${JSON.stringify(name)}`, () => assert.equal(isHostName(name), false));

    test("may have 253 characters and no more", () => {
        const name = `${label63}.${label63}.${label63}.${"a".repeat(61)}`;
        assert.deepEqual([isHostName(name), isHostName(`${name}a`)], [true, false]);
    });

    test("a label has no dot, an address may be IPv4", () => {
        assert.deepEqual([isDnsLabel("a"), isDnsLabel("a.b"), isDnsLabel("")], [true, false, false]);
        assert.deepEqual(["203.0.113.7", "256.0.0.1", "::1", "a.b"].map(isHostAddress), [true, false, false, true]);
    });
});

suite("host names of an app", () => {
    const cases = [
        ["its own ones come first", { host: "203.0.113.7", dnsHost: "lab.example" }, ["a.b", "c.d"], ["a.b", "c.d"]],
        ["below the server's DNS name", { host: "203.0.113.7", dnsHost: "lab.example" }, [], ["recall.lab.example"]],
        ["below nip.io for an address", { host: "203.0.113.7" }, [], ["recall.203-0-113-7.nip.io"]],
        ["an empty DNS name is none", { host: "203.0.113.7", dnsHost: "" }, [], ["recall.203-0-113-7.nip.io"]],
        ["below the host's own name", { host: "lab.example" }, [], ["recall.lab.example"]],
        [
            "below another wildcard service",
            { host: "203.0.113.7", wildcard: "sslip.io" },
            [],
            ["recall.203-0-113-7.sslip.io"],
        ],
        [
            "by the first IPv4 address that the names are to resolve to",
            { host: "10.0.0.5", addresses: ["2001:db8::7", "203.0.113.7", "203.0.113.8"] },
            [],
            ["recall.203-0-113-7.nip.io"],
        ],
        [
            "by such an address where the host has a name, and the service is said",
            { host: "lab.example", addresses: ["203.0.113.7"], wildcard: "sslip.io" },
            [],
            ["recall.203-0-113-7.sslip.io"],
        ],
        [
            "below the host's own name where only addresses are said",
            { host: "lab.example", addresses: ["203.0.113.7"] },
            [],
            ["recall.lab.example"],
        ],
        [
            "by the host's address where no other is one of IPv4",
            { host: "203.0.113.7", addresses: ["2001:db8::7"] },
            [],
            ["recall.203-0-113-7.nip.io"],
        ],
    ] as const;
    for (const [title, server, own, expected] of cases) {
        test(title, () => assert.deepEqual(appHostnames("recall", server, own), expected));
    }
});

suite("addresses", () => {
    const spellings = [
        ["203.0.113.7", "203.0.113.7"],
        ["2001:DB8:0:0::7", "2001:db8::7"],
        ["2001:db8:0000:0:0:0:0:0007", "2001:db8::7"],
        ["::1", "::1"],
        ["::ffff:203.0.113.7", "203.0.113.7"],
        ["fe80::1%eth0", undefined],
        ["lab.example", undefined],
        ["203.0.113", undefined],
        ["", undefined],
    ] as const;
    for (const [text, expected] of spellings) {
        test(`${JSON.stringify(text)} is ${expected ?? "none"}`, () => assert.equal(ipAddress(text), expected));
    }

    test("have one spelling, which stays", () => {
        fc.assert(
            fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
                const address = ipAddress(text);
                assert.notEqual(address, undefined);
                assert.equal(ipAddress(address ?? ""), address);
            }),
        );
    });

    test("are in the names of wildcard services", () => {
        const names = ["recall.203-0-113-7.nip.io", "recall-203-0-113-7.sslip.io", "recall.lab.example", "1-2-3-4.io"];
        assert.deepEqual(names.map(isWildcardName), [true, true, false, false]);
    });
});

suite("image references", () => {
    const repositories = [
        "recall",
        "lab/recall",
        "ghcr.io/lab/recall",
        "10.213.7.2:5000/a/b",
        "localhost/a",
        "a/b__c-d.e",
    ];
    const noRepositories = [
        "",
        "a:1",
        "a@b",
        `a@${digest}`,
        "a//b",
        "/a",
        "a/",
        "A",
        "a/B",
        "https://a/b",
        "a b",
        "a/-b",
    ];
    for (const text of repositories) test(`${text} is a repository`, () => assert.equal(isRepository(text), true));
    for (const text of noRepositories)
        test(`${JSON.stringify(text)} is no repository`, () => assert.equal(isRepository(text), false));

    test("a reference may have a tag and a digest, a pinned one has a digest", () => {
        const references = [
            "postgres:17",
            "h:5000/a:b_c.d-1",
            `a@${digest}`,
            `a:1@${digest}`,
            "a:",
            "a:-",
            "a@sha256:12",
        ];
        assert.deepEqual(references.map(isImageReference), [true, true, true, true, false, false, false]);
        assert.deepEqual(references.map(isPinnedReference), [false, false, true, true, false, false, false]);
        assert.deepEqual(references.map(isSpecificReference), [true, true, true, true, false, false, false]);
    });

    test("a reference without tag and digest is its repository", () => {
        const references = ["a", "a:1", `a@${digest}`, "h:5000/a", "h:5000/a:1", `h:5000/a:1@${digest}`];
        assert.deepEqual(references.map(repositoryOf), ["a", "a", "a", "h:5000/a", "h:5000/a", "h:5000/a"]);
    });
});
