import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { servingWeb } from "../../../support/appOnServer.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { assertRefused } from "../../../support/refusal.ts";
import { checkOutDallinger, workOnDallinger } from "./dallingerSource.ts";
import { type Ground, imageName } from "./ground.ts";

/** What nothing pins is told, and with `strict` it is refused: before any connection, all at once. */
export async function refusesLoose({ stack, server, base }: Ground): Promise<void> {
    await stack.preview();
    assert.match(stack.printed, /warning: The same source may make another image one day/);
    await stack.configure({ "experiment.image.strict": "true" });
    const { connections } = await assertRefused(stack, server, [
        `dallinger:experiment.image.base: takes ${base} without a digest`,
        "examples/recall/constraints.txt: is not there",
        "./ops/dallinger pin",
    ]);
    assert.equal(connections, 0);
}

/** The command that the refusal names writes both down, and nothing else the second time. */
export async function writesDown(ground: Ground): Promise<void> {
    const { operator, stack, base } = ground;
    const written = async () => [await constraintsOf(ground), await stack.command(["config"])].join("\n");
    await pin(ground);
    const first = await written();
    assert.ok(first.includes(`${base}@sha256:`), first);
    assert.match(first, /^dallinger==12\.4\.0$/m);
    assert.match(first, /^rq==2\./m, "requirements.txt asks for one below 3");
    assert.match(first, /^# Compiled from a requirements\.txt file with md5sum [0-9a-f]{32}$/m);
    await pin(ground);
    assert.equal(await written(), first);
    assert.equal((await dallinger(operator, "pinned", "files")).stderr, "", "nothing is left to be told");
}

async function pin({ operator }: Ground): Promise<void> {
    const { exitCode, stderr } = await dallinger(operator, "pinned", "pin");
    assert.equal(exitCode, 0, stderr);
}

async function constraintsOf({ experiment }: Ground): Promise<string> {
    return await readFile(join(experiment, "constraints.txt"), "utf8");
}

/** What was written down is what runs, to the version. */
export async function runsPinned(ground: Ground): Promise<void> {
    await ground.stack.up();
    assert.doesNotMatch(ground.stack.printed, /chosen now, because nothing pins them/);
    assert.deepEqual(packagesIn(await inWeb(ground, "pip", "freeze")), packagesIn(await constraintsOf(ground)));
}

/** A checkout takes the release's place, changes that are not committed included; what else is pinned stays. */
export async function runsCheckout(ground: Ground): Promise<void> {
    const { operator, lab, stack } = ground;
    const [folder, released] = [join(operator.folder, "dallinger-checkout"), await imageName(ground)];
    await checkOutDallinger(lab, "12.4.0", folder);
    await stack.configure({ "experiment.image.dallinger": "dallinger-checkout" });
    const checkedOut = await imageName(ground);
    await workOnDallinger(folder, "heliotrope");
    const changed = await imageName(ground);
    assert.equal(new Set([released, checkedOut, changed]).size, 3);

    await stack.up();
    const word = await inWeb(ground, "python3", "-c", "from dallinger.version import WORD; print(WORD)");
    assert.equal(word.trim(), "heliotrope");
    const ignored = "import importlib.util as u; print(u.find_spec('dallinger.ignored'))";
    assert.equal((await inWeb(ground, "python3", "-c", ignored)).trim(), "None");
    const isDallinger = (line: string) => /^dallinger\b/.test(line);
    const [installed, pinned] = [await inWeb(ground, "pip", "freeze"), await constraintsOf(ground)].map(packagesIn);
    assert.deepEqual(installed?.filter(isDallinger), ["dallinger @ file:///packages/dallinger"]);
    assert.deepEqual(
        installed?.filter((line) => !isDallinger(line)),
        pinned?.filter((line) => !isDallinger(line)),
    );
}

/** The same code is the same image, wherever it was changed meanwhile, and is not built again. */
export async function isNotBuiltAgain(ground: Ground): Promise<void> {
    const { stack } = ground;
    const image = await stack.output("image");
    await stack.configure({ "experiment.image.dallinger": "" });
    await stack.up();
    assert.notEqual(await stack.output("image"), image);
    stack.printed = "";
    await stack.configure({ "experiment.image.dallinger": "dallinger-checkout" });
    await stack.up();
    assert.equal(await stack.output("image"), image);
    assert.doesNotMatch(stack.printed, /Building \S+ for /);
}

function packagesIn(list: string): string[] {
    return list.split("\n").filter((line) => /^\w/.test(line));
}

async function inWeb({ server }: Ground, ...command: readonly string[]): Promise<string> {
    return await server.run("docker", "exec", await servingWeb(server, "recall"), ...command);
}
