import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../../../lab/readLab.ts";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { type Listing, listDeployed } from "../../../support/serverListing.ts";
import { quietServer } from "../../../support/serverState.ts";
import { Site } from "../../../support/site.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../../support/testStack.ts";

/** A server with a stack of its own, and the app's site as it is there. */
export interface Place {
    readonly server: TestServer;
    /** Name of the stack that has prepared it. */
    readonly stack: string;
    /** What is on it without the app. */
    readonly prepared: Listing;
    readonly site: Site;
}

/** Where an app moves: two prepared servers, and a stack whose app is configured for the first of them and not up. */
export interface Ground extends AsyncDisposable {
    readonly operator: Operator;
    readonly stack: TestStack;
    readonly from: Place;
    readonly to: Place;
}

/** Makes the ground for a story, whose servers are called after it: others are played beside it. Disposing it takes all of it away. */
export async function newGround(story: string): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const stacks = ["old", "new", "recall"];
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks }));
    const place = async (stack: string) => {
        const server = made.use(await quietServer(`${story}-${stack}`, equippedServer));
        return await prepare(operator.stack(stack), lab, server);
    };
    const [from, to] = [await place("old"), await place("new")];
    const stack = operator.stack("recall");
    await stack.configure({ ...block(lab, from.server, false), "experiment.on.stack": "old" });
    const kept = made.move();
    return { operator, stack, from, to, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function prepare(stack: TestStack, lab: Lab, server: TestServer): Promise<Place> {
    await stack.configure(block(lab, server, true));
    await stack.up();
    const outputs = await stack.stack.outputs();
    const url = `https://recall.${server.address.replaceAll(".", "-")}.nip.io`;
    const site = new Site(url, server.address, outputs.server?.value.caCertificate);
    return { server, stack: stack.stack.name, prepared: await listDeployed(server), site };
}

/** The part of the example's configuration that is the server's, or the app's. */
function block(lab: Lab, server: TestServer, isServers: boolean): Record<string, string> {
    const values = Object.entries(exampleConfiguration(lab, server));
    return Object.fromEntries(values.filter(([path]) => path.startsWith("server.") === isServers));
}
