import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
    type Answer,
    judge,
    type LookedUp,
    readServersView,
} from "../../../../../components/targets/server/hostNames/lookedUp.ts";

const none: Answer = { kind: "none" };
const unanswered: Answer = { kind: "unanswered", reason: "EAI_AGAIN" };
const found = (...addresses: string[]): Answer => ({ kind: "found", addresses });
const name = (A: Answer, AAAA: Answer): LookedUp => ({ hostname: "recall.lab.example", answers: { A, AAAA } });
const server = ["203.0.113.7", "2001:db8::7"];

suite("where a name leads", () => {
    const cases = [
        ["to the server by IPv4 alone", name(found("203.0.113.7"), none), { kind: "right" }],
        ["to the server by both", name(found("203.0.113.7"), found("2001:db8::7")), { kind: "right" }],
        ["to the server by IPv6 alone", name(none, found("2001:db8::7")), { kind: "right" }],
        ["nowhere", name(none, none), { kind: "missing" }],
        [
            "elsewhere by its AAAA record, though the A record is right",
            name(found("203.0.113.7"), found("2001:db8::99")),
            { kind: "elsewhere", strays: [{ type: "AAAA", address: "2001:db8::99" }] },
        ],
        [
            "elsewhere by one of two",
            name(found("203.0.113.7", "198.51.100.9"), none),
            { kind: "elsewhere", strays: [{ type: "A", address: "198.51.100.9" }] },
        ],
        ["nobody knows where, of IPv6", name(found("203.0.113.7"), unanswered), unanswered],
        ["nobody knows where: that is no missing record", name(unanswered, none), unanswered],
        [
            "elsewhere, whatever else is not answered",
            name(found("198.51.100.9"), unanswered),
            { kind: "elsewhere", strays: [{ type: "A", address: "198.51.100.9" }] },
        ],
    ] as const;
    for (const [title, looked, verdict] of cases) test(title, () => assert.deepEqual(judge(looked, server), verdict));

    test("is right for no set of addresses that has one more than the server's", () => {
        const addresses = fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 5 });
        fc.assert(
            fc.property(addresses, fc.ipV4(), (own, other) => {
                assert.equal(judge(name(found(...own), none), own).kind, "right");
                fc.pre(!own.includes(other));
                assert.equal(judge(name(found(...own, other), none), own).kind, "elsewhere");
            }),
        );
    });
});

suite("what the server says of names", () => {
    const report = [
        "host 203.0.113.7",
        "own 203.0.113.7",
        "own 2001:DB8::7",
        "recall.lab.example A 203.0.113.7",
        "recall.lab.example AAAA none",
        "study.lab.example A unanswered Temporary failure in name resolution",
        "study.lab.example AAAA 2001:db8::99",
        "other.lab.example A 198.51.100.9",
    ];

    test("are its addresses, once each, and its answers for each name that was asked for", () => {
        const view = readServersView(`${report.join("\n")}\n`, ["recall.lab.example", "study.lab.example"]);
        const reason = "Temporary failure in name resolution";
        assert.deepEqual(view, {
            addresses: ["203.0.113.7", "2001:db8::7"],
            names: [
                { hostname: "recall.lab.example", answers: { A: found("203.0.113.7"), AAAA: none } },
                {
                    hostname: "study.lab.example",
                    answers: { A: { kind: "unanswered", reason }, AAAA: found("2001:db8::99") },
                },
            ],
        });
    });

    test("is no record that is missing where it says nothing", () => {
        const { names } = readServersView("welcome to this machine\n", ["recall.lab.example"]);
        assert.equal(names[0]?.answers.A.kind, "unanswered");
    });
});
