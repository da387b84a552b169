import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { record } from "./record.ts";

class Pair extends pulumi.ComponentResource {
    constructor(name: string) {
        super("dallinger:index:Pair", name, { size: 2 });
        const password = new RandomPassword(`${name}-password`, { length: 8 }, { parent: this });
        const greeting = {
            create: "cat",
            stdin: password.result,
            environment: { WORD: pulumi.secret("s3cret"), PLAIN: "p" },
        };
        new local.Command(`${name}-greet`, greeting, { parent: this });
        this.registerOutputs({});
    }
}

const outputs = ({ type }: { type: string }) =>
    type.includes("RandomPassword") ? { result: pulumi.secret("w0rd") } : {};

suite("record", () => {
    test("gives the whole tree, also what registers after the build has returned", async () => {
        const { tree } = await record(() => new Pair("two"), { outputs });
        assert.deepEqual(tree, [
            "dallinger:index:Pair two",
            "dallinger:index:Pair$random:index/randomPassword:RandomPassword two-password",
            "dallinger:index:Pair$command:local:Command two-greet",
        ]);
    });

    test("gives plain inputs and says which of them are secret", async () => {
        const { registered } = await record(() => new Pair("two"), { outputs });
        const greet = registered.find(({ name }) => name === "two-greet");
        assert.equal(greet?.inputs.stdin, "w0rd");
        assert.deepEqual(greet?.inputs.environment, { WORD: "s3cret", PLAIN: "p" });
        assert.deepEqual(greet?.secrets, ["environment", "stdin"]);
        assert.deepEqual(registered.find(({ name }) => name === "two")?.inputs, { size: 2 });
    });

    test("starts afresh each time", async () => {
        const { registered } = await record(() => undefined);
        assert.deepEqual(registered, []);
    });

    test("passes on what the build throws", async () => {
        await assert.rejects(
            record(() => {
                throw new Error("not built");
            }),
            /not built/,
        );
    });
});
