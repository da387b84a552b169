import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { saysConnectionLost, textsOfLostConnection } from "../../stories/steps/interruptions/lostConnection.ts";

const read = (path: string) => readFileSync(`${import.meta.dirname}/../../../${path}`, "utf8");
const TROUBLESHOOTING = read("docs/troubleshooting.md");

suite("a connection that is lost while a command works on the server", () => {
    test("is in docs/troubleshooting.md in the words of both plugins, with what to do", () => {
        assert.deepEqual(textsOfLostConnection(TROUBLESHOOTING), [
            ["the connection to", "was lost"],
            ["wait: remote command exited without exit status or exit signal"],
        ]);
    });

    test("is told by our own plugin, with what to do", () => {
        const source = read("toolchain/plugins/command/remote/session.go").replace(/"\s*\+\s*"/g, "");
        const [text = ""] = source.match(/"the connection to [^"]*"/) ?? [];
        assert.ok(saysConnectionLost(text, TROUBLESHOOTING), text);
        assert.match(text, /may still be at work there/);
        assert.match(text, /run the same pulumi command again/);
    });

    test("is not taken for a command that failed", () => {
        assert.equal(saysConnectionLost("Process exited with status 1", TROUBLESHOOTING), false);
        assert.equal(
            saysConnectionLost("the connection to debian@192.0.2.1:22 failed 11 times", TROUBLESHOOTING),
            false,
        );
    });
});
