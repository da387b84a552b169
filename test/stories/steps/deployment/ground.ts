import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../../../lab/readLab.ts";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { quietServer } from "../../../support/serverState.ts";
import { type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration } from "../../../support/testStack.ts";

/** Name of the stack that prepares the server. */
export const serverStack = "lab1";

/** Name of the stack of the experiment. */
export const appStack = "recall";

/** Where the story plays: a server with nothing but sshd, and an operator with two stacks that are configured and not up. */
export interface Ground extends AsyncDisposable {
    readonly lab: Lab;
    readonly server: TestServer;
    /** Folder of the state, for all operators. */
    readonly backend: string;
    readonly operator: Operator;
}

/** Makes the ground. Disposing it takes the server and everything else away. */
export async function newGround(): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const server = made.use(await quietServer("deployment"));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks: [serverStack, appStack] }));
    await configure(operator, Object.entries(exampleConfiguration(lab, server)));
    const kept = made.move();
    return { lab, server, backend, operator, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The server's block goes to one stack, the experiment's to another. */
async function configure(operator: Operator, values: [string, string][]): Promise<void> {
    const ofServer = values.filter(([path]) => path.startsWith("server."));
    const ofApp = values.filter(([path]) => !path.startsWith("server."));
    await operator.stack(serverStack).configure(Object.fromEntries(ofServer));
    await operator.stack(appStack).configure({ ...Object.fromEntries(ofApp), "experiment.on.stack": serverStack });
}
