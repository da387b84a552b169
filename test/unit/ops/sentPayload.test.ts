import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import { renderPayload } from "../../../components/remote/payload.ts";
import { fileSum, payloadSum, sentPayload } from "../../../ops/sentPayload.ts";

const payload = renderPayload([{ path: "site.caddy", content: "a.example {\n}\n" }]);
const urn = "urn:pulumi:recall::dallinger::dallinger:index:ExperimentApp$command:remote:Command::experiment-site";
const exported = (stdin: unknown) => ({ version: 3, deployment: { resources: [{ urn, inputs: { stdin } }] } });
const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

suite("what a stack's state has sent to a server", () => {
    test("is the payload of a command, whether it is secret or not", () => {
        const shown = { ...signature, plaintext: JSON.stringify(payload) };
        for (const stdin of [payload, shown]) assert.equal(sentPayload(exported(stdin), "experiment-site"), payload);
    });

    test("is nothing of a command that never succeeded, or whose secrets are not shown", () => {
        assert.equal(sentPayload(exported(payload), "server-services"), undefined);
        assert.equal(sentPayload(exported({ ...signature, ciphertext: "v1:abc" }), "experiment-site"), undefined);
    });

    test("is compared by the sums that the server knows", () => {
        const sum = createHash("sha256").update("a.example {\n}\n").digest("hex");
        assert.equal(fileSum(payload, "site.caddy"), sum);
        assert.equal(fileSum(payload, "another"), undefined);
        assert.ok(payload.endsWith(`end ${payloadSum(payload)}\n`));
    });
});
