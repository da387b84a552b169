import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Resource, ResourceError } from "@pulumi/pulumi";
import { ExperimentImage, type ExperimentImageArgs } from "../../../components/image/experimentImage.ts";
import { type RecordOptions, record } from "../record.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const ARGS: ExperimentImageArgs = { path: "examples/recall", repository: "ghcr.io/lab/recall" };

suite("ExperimentImage", () => {
    test("is one local command under the component", async () => {
        const { tree } = await make();
        assert.deepEqual(tree, [
            "dallinger:index:ExperimentImage recall",
            "dallinger:index:ExperimentImage$command:local:Command recall-build",
        ]);
    });

    test("runs our program with what to build, and with nothing of the operator's", async () => {
        const { built, registered } = await make({ ...ARGS, platform: "linux/arm64" });
        const command = registered.find(({ type }) => type === "command:local:Command");
        assert.deepEqual(command?.inputs, {
            create: "node components/image/build/build.ts",
            environment: {
                DALLINGER_IMAGE_PATH: "examples/recall",
                DALLINGER_IMAGE_REPOSITORY: "ghcr.io/lab/recall",
                DALLINGER_IMAGE_PLATFORM: "linux/arm64",
                DALLINGER_IMAGE_BUILD_ARGS: "{}",
                DALLINGER_IMAGE_CONTENT_HASH: built.contentHash,
            },
            logging: "stderr",
            addPreviousOutputInEnv: false,
        });
        assert.ok(!JSON.stringify(registered).includes(process.cwd()));
    });

    test("tells the program when the image is not to be pushed, and knows it by its id then", async () => {
        const { built, registered } = await make({ ...ARGS, delivery: "ssh" }, { outputs: () => ({ stdout: DIGEST }) });
        const command = registered.find(({ type }) => type === "command:local:Command");
        assert.equal(Object(command?.inputs.environment).DALLINGER_IMAGE_DELIVERY, "ssh");
        assert.equal(await new Promise((resolve) => built.reference.apply(resolve)), DIGEST);
    });

    test("builds nothing here when the server's engine is to do it", async () => {
        const { built, tree } = await make({ ...ARGS, delivery: "server" });
        assert.deepEqual(tree, ["dallinger:index:ExperimentImage recall"]);
        const { dallinger: _, tagLength: __, ...request } = built.request;
        assert.deepEqual(request, {
            path: ARGS.path,
            repository: ARGS.repository,
            platform: "linux/amd64",
            buildArgs: {},
            strict: false,
            knownHosts: [],
            contentHash: built.contentHash,
            delivery: "server",
        });
    });

    test("knows hash and tag in a preview, and shows the hash among its own inputs", async () => {
        const { built, registered } = await make(ARGS, { preview: true });
        assert.match(built.contentHash, /^[0-9a-f]{64}$/);
        assert.ok(built.contentHash.startsWith(built.tag));
        assert.deepEqual(registered[0]?.inputs, { ...ARGS, contentHash: built.contentHash });
    });

    test("gives the reference by digest that the program prints", async () => {
        const { built } = await make();
        const reference = await new Promise((resolve) => built.reference.apply(resolve));
        assert.equal(reference, `ghcr.io/lab/recall@${DIGEST}`);
    });

    test("hashes the platform and the build arguments, not the repository", async () => {
        const hash = async (args: Partial<ExperimentImageArgs>) => (await make({ ...ARGS, ...args })).built.contentHash;
        const plain = await hash({});
        assert.equal(await hash({ repository: "ghcr.io/lab/other" }), plain);
        assert.equal(await hash({ platform: "linux/amd64" }), plain);
        assert.notEqual(await hash({ platform: "linux/arm64" }), plain);
        assert.notEqual(await hash({ buildArgs: { BASE: "python:3.12-slim-trixie" } }), plain);
    });

    test("refuses a folder that is no experiment, naming all that is missing", async () => {
        let thrown: unknown;
        await record(() => {
            try {
                return new ExperimentImage("recall", { ...ARGS, path: "templates" });
            } catch (error) {
                thrown = error;
                return undefined;
            }
        });
        assert.ok(thrown instanceof ResourceError);
        assert.match(thrown.message, /templates: has no experiment\.py/);
        assert.match(thrown.message, /templates: has no requirements\.txt/);
        assert.equal((thrown.resource as Resource | undefined)?.constructor, ExperimentImage);
    });
});

function make(args: ExperimentImageArgs = ARGS, options: RecordOptions = {}) {
    const outputs = () => ({ stdout: `ghcr.io/lab/recall@${DIGEST}` });
    return record(() => new ExperimentImage("recall", args), { outputs, ...options });
}
