import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secret } from "@pulumi/pulumi";
import { ReferencedImage, type ReferencedImageArgs } from "../../../../components/targets/server/referencedImage.ts";
import { type RecordOptions, record } from "../../record.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const ANSWER = `ghcr.io/lab/recall@${DIGEST}`;
const ARGS: ReferencedImageArgs = {
    reference: "ghcr.io/lab/recall:1.0",
    app: "recall",
    server: {
        id: "server-id",
        layout: 1,
        host: "203.0.113.7",
        port: 22,
        user: "debian",
        hostKey: "ssh-ed25519 AAAA",
        dnsHost: "",
        platform: "linux/amd64",
        caCertificate: "",
        images: { redis: "redis:8", pgbouncer: "pgbouncer:1" },
    },
};

suite("ReferencedImage", () => {
    test("is one remote command under the component, which has nothing to take away", async () => {
        const { tree, registered } = await make();
        assert.deepEqual(tree, [
            "dallinger:index:ReferencedImage image",
            "dallinger:index:ReferencedImage$command:remote:Command image-lookup",
        ]);
        assert.equal(registered[1]?.inputs.delete, undefined);
    });

    test("takes for a tag what the server has found out, and has it remembered with the question", async () => {
        const { built } = await make({ resolved: "today" });
        assert.equal(await value(built.reference), ANSWER);
        assert.equal(await value(built.lookup), `ghcr.io/lab/recall:1.0 linux/amd64 today\n${ANSWER}\n`);
    });

    test("keeps a digest as it is given, in a preview, too", async () => {
        const reference = `ghcr.io/lab/recall:1.0@${DIGEST}`;
        const { built } = await make({ reference }, { preview: true });
        assert.equal(await value(built.reference), reference);
    });

    test("asks again when it is told to, and only then", async () => {
        const stdin = async (args: Partial<ReferencedImageArgs>) => (await make(args)).registered[1]?.inputs.stdin;
        assert.equal(await stdin({}), await stdin({}));
        assert.notEqual(await stdin({ resolved: "today" }), await stdin({}));
    });

    test("sends a login encrypted, and hides nothing without one", async () => {
        const registryLogin = secret({ user: "lab", password: "w0rd-of-registry" });
        const { registered } = await make({ registryLogin });
        assert.ok(registered[1]?.secrets.includes("stdin"));
        assert.ok(!JSON.stringify(registered[0]).includes("w0rd-of-registry"));
        assert.ok(!(await make()).registered[1]?.secrets.includes("stdin"));
    });
});

function make(args: Partial<ReferencedImageArgs> = {}, options: RecordOptions = {}) {
    const outputs = () => ({ stdout: `${ANSWER}\n` });
    return record(() => new ReferencedImage("image", { ...ARGS, ...args }), { outputs, ...options });
}

function value<T>(output: { apply(read: (known: T) => void): unknown }): Promise<T> {
    return new Promise((resolve) => output.apply(resolve));
}
