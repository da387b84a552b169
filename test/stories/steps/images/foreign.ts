import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspectImage, tagsOf } from "../../../support/labRegistry.ts";
import { assertRefused } from "../../../support/refusal.ts";
import { quietServer } from "../../../support/serverState.ts";
import { exampleConfiguration } from "../../../support/testStack.ts";
import type { Ground } from "./ground.ts";

const ARM64 = "linux/arm64";

/** An experiment whose image has no program. */
const foreignExample = "examples/foreign";

/**
 * An ARM64 image is built and pushed for a server that its stack takes for one; that is asked at the same time, and refuses. Its
 * Dockerfile runs nothing, so that it can be built without emulation: it is an image for ARM64 by its manifest alone.
 */
export async function refusesServerOfItsImage(ground: Ground): Promise<void> {
    const { lab, builder } = ground;
    await using server = await quietServer("amd64");
    const folder = join(builder.folder, foreignExample);
    await mkdir(folder);
    await writeFile(join(folder, "experiment.py"), "");
    await writeFile(join(folder, "Dockerfile"), 'FROM scratch\nCOPY experiment.py /experiment.py\nCMD ["/stub"]\n');
    const stack = builder.stack("arm64");
    await stack.configure({
        ...exampleConfiguration(lab, server),
        "server.platform": ARM64,
        "experiment.image.base": "",
        "experiment.image.repository": repositoryOf(ground),
        "experiment.path": foreignExample,
    });
    await assertRefused(stack, server, [`this server is linux/amd64, and its stack says ${ARM64}`]);
    const { platform, digest } = await inspectImage(lab, await foreignImage(ground));
    assert.equal(platform, ARM64);
    assert.match(digest ?? "", /^sha256:/);
}

/** That image named by tag and by digest, for an app that is not on the server yet. */
export async function refusesForeignImage(ground: Ground): Promise<void> {
    const { lab, server, runner } = ground;
    const name = await foreignImage(ground);
    const { digest = "" } = await inspectImage(lab, name);
    for (const reference of [name, `${repositoryOf(ground)}@${digest}`]) {
        const stack = runner.stack("foreign");
        await stack.configure({ "experiment.image.reference": reference });
        const { connections } = await assertRefused(stack, server, [
            `${reference} is an image for ${ARM64} and this server runs linux/amd64`,
            "pulumi config set --path 'dallinger:experiment.image.reference' IMAGE",
        ]);
        assert.equal(connections, 1);
    }
}

function repositoryOf({ lab }: Ground): string {
    return `${lab.registry.address}/arm64`;
}

/** By the tag that the program has given it, the only one in its repository. */
async function foreignImage(ground: Ground): Promise<string> {
    const [tag = "", ...others] = await tagsOf(ground.lab, "arm64");
    assert.match(tag, /^[0-9a-f]{8}$/);
    assert.deepEqual(others, []);
    return `${repositoryOf(ground)}:${tag}`;
}

/** An image that is to be built for ARM64, on the server of another stack. */
export async function refusesForeignBuild({ server, builder }: Ground): Promise<void> {
    const stack = builder.stack("recall");
    await stack.configure({ "experiment.image.platform": ARM64 });
    const { connections } = await assertRefused(stack, server, [
        `dallinger:experiment.image.platform: is ${ARM64}, but the server is linux/amd64`,
        "pulumi config rm --path 'dallinger:experiment.image.platform'",
    ]);
    assert.equal(connections, 0);
    await stack.configure({ "experiment.image.platform": "" });
}

/** A stack that says something else of its server than the server's kernel does. */
export async function refusesForeignMachine({ server, builder }: Ground): Promise<void> {
    const stack = builder.stack("server");
    await stack.configure({ "server.platform": ARM64 });
    await assertRefused(stack, server, [
        `this server is linux/amd64, and its stack says ${ARM64}`,
        "pulumi config set --path 'dallinger:server.platform' linux/amd64",
    ]);
    await stack.configure({ "server.platform": "" });
}
