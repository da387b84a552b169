import assert from "node:assert/strict";
import { pushStub } from "../labRegistry.ts";
import { assertRefused } from "../refusal.ts";
import type { Ground } from "./ground.ts";

const ARM64 = "linux/arm64";

/** An image for ARM64 that was built before, named by tag and by digest, for an app that is not on the server yet. */
export async function refusesForeignImage({ lab, server, runner }: Ground): Promise<void> {
    const name = `${lab.registry.address}/stub:arm64`;
    const pinned = await pushStub(lab, name, ARM64);
    for (const reference of [name, pinned]) {
        const stack = runner.stack("foreign");
        await stack.configure({ "experiment.image.reference": reference });
        const { connections } = await assertRefused(stack, server, [
            `${reference} is an image for ${ARM64} and this server runs linux/amd64`,
            "pulumi config set --path 'dallinger:experiment.image.reference' IMAGE",
        ]);
        assert.equal(connections, 1);
    }
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
