import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../../../../lab/readLab.ts";
import { inspectImage, tag, tagsOf } from "../../../support/labRegistry.ts";
import { lineChanges } from "../../../support/lineChanges.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { steadyExample, VariableExperiment } from "../releases/variants.ts";
import { type Ground, runningImage } from "./ground.ts";

/** An image that one operator has built runs by its digest for another one, who has nothing of what it was made from. */
export async function runsByDigest({ server, builder, runner }: Ground): Promise<void> {
    await builder.stack("recall").up();
    const image = await builder.stack("recall").output("image");
    assert.match(image, /@sha256:[0-9a-f]{64}$/);
    await runner.stack("copy").configure({ "experiment.image.reference": image });
    await runner.stack("copy").up();
    assert.equal(await runner.stack("copy").output("image"), image);
    assert.deepEqual(await runningImage(server, "copy"), await runningImage(server, "recall"));
    assert.equal((await runningImage(server, "copy")).image, image);
}

/** Two variants of the code with the same dependencies have two tags, each of which still means its own image. */
export async function variantsHaveTags({ lab, builder, experiment }: Ground): Promise<void> {
    const stack = builder.stack("recall");
    const first = await stack.output("image");
    await experiment.change();
    await stack.up();
    const second = await stack.output("image");
    const tags = await Promise.all([first, second].map((image) => tagOf(lab, image)));
    assert.equal(new Set(tags).size, 2, tags.join(" "));
}

/** The same code in somebody else's checkout is the same image: without an engine it could not be built again. */
export async function isFoundAgain({ server, builder, twin }: Ground): Promise<void> {
    const [experiment, stack] = [await VariableExperiment.copy(twin.folder), twin.stack("twin")];
    await experiment.change();
    await stack.up();
    assert.equal(await stack.output("image"), await builder.stack("recall").output("image"));
    assert.deepEqual(await runningImage(server, "twin"), await runningImage(server, "recall"));
    await stack.destroy();
}

/** The tag of an image that this program has built: it starts the hash, and means the image. */
async function tagOf(lab: Lab, image: string): Promise<string> {
    const { contentHash = "" } = await inspectImage(lab, image);
    const found = (await tagsOf(lab, "recall")).find((text) => text.length >= 8 && contentHash.startsWith(text));
    assert.ok(found !== undefined, `no tag of the registry starts ${contentHash}`);
    const { digest } = await inspectImage(lab, `${lab.registry.address}/recall:${found}`);
    assert.equal(`${lab.registry.address}/recall@${digest}`, image);
    return found;
}

/** A tag stays what it was for the stack, whoever moves it and however the server is reached, until somebody asks. */
export async function tagStays({ lab, server, builder, runner }: Ground): Promise<void> {
    const [moving, stack] = [`${lab.registry.address}/recall:stable`, runner.stack("copy")];
    const first = await stack.output("image");
    await tag(lab, moving, first);
    await stack.configure({ "experiment.image.reference": moving });
    await stack.up();
    assert.equal(await stack.output("image"), first);

    const second = await builder.stack("recall").output("image");
    assert.notEqual(second, first);
    await tag(lab, moving, second);
    await stack.up();
    assert.deepEqual(stack.changed, []);

    const resolve = await dallinger(runner, "copy", "resolve");
    assert.equal(resolve.exitCode, 0, resolve.stderr);
    await stack.up();
    assert.equal(await stack.output("image"), second);
    assert.equal((await runningImage(server, "copy")).image, second);
    assert.equal((await dallinger(builder, "recall", "resolve")).exitCode, 1);
}

/** The image is written into config.txt as one line more, which makes no other image and is one line the second time, too. */
export async function recordsImage({ builder }: Ground): Promise<void> {
    const [file, stack] = [join(builder.folder, steadyExample, "config.txt"), builder.stack("recall")];
    const before = await readFile(file, "utf8");
    for (let time = 0; time < 2; time++) {
        const { exitCode, stderr } = await dallinger(builder, "recall", "record-image");
        assert.equal(exitCode, 0, stderr);
        const changes = lineChanges(before.split("\n"), (await readFile(file, "utf8")).split("\n"));
        assert.equal(changes.length, 1, changes.join("\n"));
        assert.ok(changes[0]?.endsWith(`docker_image_name = ${await stack.output("image")}`), changes[0]);
    }
    await stack.up();
    assert.deepEqual(stack.changed, []);
}
