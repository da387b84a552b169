import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secret } from "@pulumi/pulumi";
import { ExperimentApp } from "../../../../components/targets/server/experimentApp.ts";
import { type Registration, record } from "../../record.ts";
import { args, outputs } from "./exampleApp.ts";

const id = `sha256:${"0".repeat(64)}`;
const withImage = (resource: Registration) =>
    resource.name === "experiment-image" ? { stdout: `commit abc\n${id}` } : outputs(resource);

/** What an app's claim is given when its image is brought in this way. */
async function claimOf(delivery: "ssh" | "server"): Promise<string> {
    const build = { path: "examples/recall", repository: "recall", platform: "linux/amd64", buildArgs: {} };
    const request = { ...build, contentHash: "0123abcd", strict: false, knownHosts: [], delivery };
    const { image: _, ...others } = args;
    const { registered } = await record(() => new ExperimentApp("experiment", { ...others, delivery: request }), {
        outputs: withImage,
    });
    return String(registered.find(({ name }) => name === "experiment-claim")?.inputs.stdin);
}

suite("ExperimentApp without a registry", () => {
    test("names the user as whom docker builds where the server does, and lets nobody into its group otherwise", async () => {
        const named = `600 docker-user ${Buffer.from("debian\n").toString("base64")}`;
        assert.ok((await claimOf("server")).includes(named));
        assert.ok(!(await claimOf("ssh")).includes("docker-user "));
    });

    test("brings an image that no registry has after the claim, and runs what came there", async () => {
        const build = { path: "examples/recall", repository: "recall", platform: "linux/amd64", buildArgs: {} };
        const rest = { contentHash: "0123abcd", strict: false, knownHosts: [] };
        const delivery = { ...build, ...rest, delivery: "ssh" as const };
        const { image: _, ...others } = args;
        const { built, registered } = await record(
            () => new ExperimentApp("experiment", { ...others, delivery, privateKey: secret("the deploy key") }),
            { outputs: withImage },
        );
        assert.equal(await new Promise((resolve) => built.image.apply(resolve)), id);
        const brought = registered.find(({ name }) => name === "experiment-image");
        assert.equal(brought?.inputs.create, "node components/targets/server/delivery/deliver.ts");
        assert.deepEqual([brought?.inputs.stdin, brought?.secrets], ["the deploy key", ["stdin"]]);
        assert.doesNotMatch(JSON.stringify(brought?.inputs.environment), /deploy key/);
        const names = registered.map(({ name }) => name);
        assert.ok(names.indexOf("experiment-claim") < names.indexOf("experiment-image"));
        const stdin = String(registered.find(({ name }) => name === "experiment-release")?.inputs.stdin);
        const file = (path: string) =>
            Buffer.from(new RegExp(`^600 ${path} (.*)$`, "m").exec(stdin)?.[1] ?? "", "base64").toString();
        assert.equal(file("image"), id);
        assert.match(file("compose.yaml"), new RegExp(`"image": "${id}"`));
        assert.match(file("record.json"), /"commit": "abc"/);
    });
});
