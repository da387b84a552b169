import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../../../lab/readLab.ts";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { quietServer } from "../../../support/serverState.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../../support/testStack.ts";

/** An experiment whose versions nobody has written down, on a base that a registry has. */
export interface Ground extends AsyncDisposable {
    readonly lab: Lab;
    readonly server: TestServer;
    readonly operator: Operator;
    readonly stack: TestStack;
    /** The experiment's folder. */
    readonly experiment: string;
    /** The base image, by its tag. */
    readonly base: string;
}

/** Makes the ground. Disposing it takes everything away. */
export async function newGround(): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const server = made.use(await quietServer("pinning", equippedServer));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks: ["pinned"] }));
    const stack = operator.stack("pinned");
    const base = `${lab.registry.address}/${lab.images.python}`;
    await stack.configure({ ...exampleConfiguration(lab, server), "experiment.image.base": base });
    const experiment = join(operator.folder, "examples/recall");
    await rm(join(experiment, "constraints.txt"));
    const kept = made.move();
    return { lab, server, operator, stack, experiment, base, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** What `./ops/dallinger files` calls the image. */
export async function imageName({ operator }: Ground): Promise<string> {
    const { exitCode, stdout, stderr } = await dallinger(operator, "pinned", "files");
    if (exitCode !== 0) throw new Error(stderr);
    const [name] = /\S+\/recall:[0-9a-f]{8}\b/.exec(stdout) ?? [];
    if (name === undefined) throw new Error(`no name of an image: ${stdout}`);
    return name;
}
