import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
    explainDetour,
    explainFinding,
    type Failure,
    type Finding,
} from "../../../../../components/targets/server/reach/finding.ts";

const server = { name: "203.0.113.7", addresses: ["203.0.113.7"] };
const failed = (failure: Failure, address = "203.0.113.7"): Finding => ({
    kind: "failed",
    attempts: [{ address, failure }],
});
const explained = (finding: Finding, known = server) => explainFinding("recall.lab.example", finding, known) ?? "";

suite("what is told of an app's address that this machine does not reach", () => {
    test("is a name without an address, and the server that it has to lead to", () => {
        assert.match(explained({ kind: "unknown" }), /^recall\.lab\.example has no address in DNS: .* 203\.0\.113\.7,/);
    });

    test("is this machine's name server, when that one does not answer", () => {
        assert.match(explained({ kind: "undecided", reason: "EAI_AGAIN" }), /this machine's name server .*EAI_AGAIN/);
    });

    test("is another address than the server's, both of them named", () => {
        const text = explained(failed({ kind: "refused" }, "198.51.100.9"));
        assert.match(
            text,
            /has the address 198\.51\.100\.9 in DNS, which refuses connections to port 443, and the server is 203\.0\.113\.7: correct the record/,
        );
        const named = { name: "ssh.lab.example", addresses: ["203.0.113.7", "203.0.113.8"] };
        const other = explained(failed({ kind: "silent" }, "198.51.100.9"), named);
        assert.match(other, /the server is ssh\.lab\.example \(203\.0\.113\.7, 203\.0\.113\.8\)/);
    });

    for (const [title, failure, message] of [
        ["a refused connection", { kind: "refused" }, /refuses connections to port 443.*ports 80 and 443/],
        ["no answer", { kind: "silent" }, /does not answer at port 443: a firewall/],
        ["a network without a way there", { kind: "unreachable" }, /this machine's network has no way to/],
        ["TLS that is not trusted", { kind: "untrusted", reason: "self-signed" }, /trusted here \(self-signed\)/],
        ["another status", { kind: "status", status: 502 }, /status 502 instead of 200/],
        ["an end after the request", { kind: "broken", reason: "socket hang up" }, /breaks .* off \(socket hang up\)/],
    ] as const) {
        test(`is ${title}, the address, and what to do`, () => {
            const text = explained(failed(failure));
            assert.match(text, /^https:\/\/recall\.lab\.example is not reached from this machine: 203\.0\.113\.7 /);
            assert.match(text, message);
            assert.doesNotMatch(text, /\n/);
        });
    }

    test("is what was met, where the server's own address is not known here", () => {
        const unknown = { name: "server.inside", addresses: [] };
        assert.match(explained(failed({ kind: "refused" }, "198.51.100.9"), unknown), /not reached from this machine/);
    });
});

suite("what is told of an app's address that is reached", () => {
    test("is nothing at the server's address, and nothing where there is none to compare with", () => {
        assert.equal(
            explainFinding("recall.lab.example", { kind: "reached", address: "203.0.113.7" }, server),
            undefined,
        );
        assert.equal(explainDetour("recall.lab.example", "203.0.113.7", server), undefined);
        assert.equal(explainDetour("recall.lab.example", "2001:db8::7", server), undefined);
    });

    test("is another address than the server's: the former server may still have it", () => {
        const text = explainDetour("recall.lab.example", "198.51.100.9", server) ?? "";
        assert.match(text, /answers at 198\.51\.100\.9, and the server is 203\.0\.113\.7/);
    });
});
