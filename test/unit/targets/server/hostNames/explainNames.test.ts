import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { explainNames, tellNames } from "../../../../../components/targets/server/hostNames/explainNames.ts";
import type { Answer, LookedUp } from "../../../../../components/targets/server/hostNames/lookedUp.ts";

const none: Answer = { kind: "none" };
const unanswered: Answer = { kind: "unanswered", reason: "EAI_AGAIN" };
const found = (...addresses: string[]): Answer => ({ kind: "found", addresses });
const looked = (hostname: string, A: Answer, AAAA: Answer = none): LookedUp => ({ hostname, answers: { A, AAAA } });
const right = looked("right.lab.example", found("203.0.113.7"));

/** The lines of the error about names as both see them, or as each does. */
function explained(
    here: readonly LookedUp[],
    there: readonly LookedUp[] | { unknown: string } = here,
    { addresses = ["203.0.113.7"], listed = 0 } = {},
): string[] {
    return explainNames({ here, there, addresses, listed })?.split("\n") ?? [];
}

const END = "After mending it, run `pulumi up` again; what was changed a moment ago may take a while to be known.";
const listing = (address: string, index = 0) =>
    `If that is where something in front of the server answers, NAT or a proxy, \`pulumi config set --path 'dallinger:server.addresses[${index}]' ${address}\` in the stack with the server block says so.`;

suite("what is told of names that do not lead to the server", () => {
    test("is nothing where all do", () => {
        assert.deepEqual(explained([right]), []);
    });

    test("are all of them in one error, with the records to make, and none that is right", () => {
        const names = [
            right,
            looked("recall.lab.example", none),
            looked("study.lab.example", found("198.51.100.9")),
            looked("both.lab.example", found("203.0.113.7"), found("2001:db8::99")),
        ];
        assert.deepEqual(explained(names), [
            "these host names do not lead to the server (203.0.113.7), and nothing was changed:",
            "  - recall.lab.example: has no address seen from here and from the server: make the record",
            "        recall.lab.example. A 203.0.113.7",
            "  - study.lab.example: is A 198.51.100.9 seen from here and from the server: correct the record",
            "        study.lab.example. A 203.0.113.7",
            "  - both.lab.example: is A 203.0.113.7, AAAA 2001:db8::99 seen from here and from the server: correct the record",
            "        remove both.lab.example. AAAA 2001:db8::99",
            listing("198.51.100.9"),
            END,
        ]);
    });

    test("is a record to make with an address of its own type, where the server has one", () => {
        const addresses = ["203.0.113.7", "2001:db8::7"];
        const wrong = looked("study.lab.example", found("203.0.113.7"), found("2001:db8::98", "2001:db8::99"));
        const [, , record, next] = explained([wrong], [wrong], { addresses });
        assert.equal(record, "        study.lab.example. AAAA 2001:db8::7");
        assert.equal(next, listing("2001:db8::98"));
        const missing = explained([looked("study.lab.example", none)], undefined, { addresses: ["2001:db8::7"] });
        assert.equal(missing[2], "        study.lab.example. AAAA 2001:db8::7");
    });

    test("is a record that is left, where the only one goes", () => {
        const wrong = looked("study.lab.example", none, found("2001:db8::99"));
        assert.deepEqual(explained([wrong]).slice(2, 4), [
            "        remove study.lab.example. AAAA 2001:db8::99",
            "        study.lab.example. A 203.0.113.7",
        ]);
    });

    test("is what each of both sees, where that differs", () => {
        const here = looked("study.lab.example", found("198.51.100.9"));
        const there = looked("study.lab.example", found("203.0.113.7"));
        const lines = explained([here], [there]);
        assert.equal(
            lines[1],
            "  - study.lab.example: is A 198.51.100.9 seen from here, and is A 203.0.113.7 from the server: correct the record",
        );
        assert.ok(
            lines.some((line) => line.includes("pulumi config set --path 'dallinger:experiment.checkFromHere' false")),
        );
    });

    test("are those that only the server sees wrong, too", () => {
        const lines = explained(
            [looked("recall.lab.example", none), right],
            [looked("recall.lab.example", none), looked("right.lab.example", found("198.51.100.9"))],
        );
        assert.equal(
            lines[3],
            "  - right.lab.example: is A 203.0.113.7 seen from here, and is A 198.51.100.9 from the server: correct the record",
        );
        assert.ok(!lines.some((line) => line.includes("checkFromHere")));
    });

    test("is a record that this machine does not know yet, where the server does", () => {
        const lines = explained(
            [looked("recall.lab.example", none)],
            [looked("recall.lab.example", found("203.0.113.7"))],
        );
        assert.match(lines[1] ?? "", /the record is there, and not known yet to the name server of this machine/);
        assert.ok(!lines.some((line) => line.includes("recall.lab.example. A")));
    });

    test("is a name server that does not answer, and never a record to make", () => {
        const lines = explained([looked("recall.lab.example", unanswered)], [right]);
        assert.match(
            lines[1] ?? "",
            /cannot be looked up \(EAI_AGAIN\) seen from here: see to the name server of this machine, which gives no answer$/,
        );
        assert.doesNotMatch(lines.join("\n"), /make the record|lab\.example\. A/);
        const other = explained([right, looked("x.lab.example", none)], [looked("right.lab.example", unanswered)]);
        assert.match(other[1] ?? "", /see to the name server of the server/);
    });

    test("is the service, where the address is in the name", () => {
        const lines = explained([looked("recall.203-0-113-7.nip.io", none)]);
        assert.match(
            lines[1] ?? "",
            /wildcard service does not answer, or your name server holds private addresses back/,
        );
        assert.equal(lines[2], "        pulumi config set --path 'dallinger:server.wildcard' SERVICE");
        const other = explained([looked("recall.198-51-100-9.nip.io", found("198.51.100.9"))]);
        assert.match(other[1] ?? "", /: the address in the name is not the server's$/);
        assert.equal(other[2], listing("198.51.100.9"));
    });

    test("is why the server could not be asked, and what was seen all the same", () => {
        const lines = explained([looked("recall.lab.example", none)], { unknown: "host key mismatch" });
        assert.equal(lines[1], "  - recall.lab.example: has no address seen from here: make the record");
        assert.ok(lines.includes("The server itself could not be asked where they lead: host key mismatch"));
    });

    test("is the next place in the list, where the configuration lists addresses", () => {
        const wrong = looked("study.lab.example", found("198.51.100.9"));
        const lines = explained([wrong], [wrong], { addresses: ["203.0.113.7", "203.0.113.8"], listed: 2 });
        assert.ok(lines.includes(listing("198.51.100.9", 2)));
    });

    test("is not that the server's own name is its loopback, as Debian has it in /etc/hosts", () => {
        const here = [looked("lab.example", found("203.0.113.7")), looked("x.lab.example", none)];
        const lines = explained(here, [looked("lab.example", found("127.0.1.1")), looked("x.lab.example", none)]);
        assert.ok(!lines.some((line) => line.startsWith("  - lab.example")));
    });

    test("is, while it is waited for, a line", () => {
        const names = [right, looked("recall.lab.example", none), looked("study.lab.example", found("198.51.100.9"))];
        const line = "recall.lab.example has no address; study.lab.example is A 198.51.100.9";
        assert.equal(tellNames(names, ["203.0.113.7"]), line);
    });
});
