import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { type Listing, listDeployed } from "../../../support/serverListing.ts";
import { quietServer } from "../../../support/serverState.ts";
import { Site } from "../../../support/site.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration } from "../../../support/testStack.ts";
import { steadyExample, VariableExperiment } from "../releases/variants.ts";

/** A prepared server without an app, and a stack that has one to deploy. */
export interface DrillGround extends AsyncDisposable {
    readonly server: TestServer;
    readonly operator: Operator;
    readonly experiment: VariableExperiment;
    readonly site: Site;
    /** What is on the server without the app. */
    readonly prepared: Listing;
}

/** Makes the ground, with a server of this name. */
export async function newDrillGround(name: string): Promise<DrillGround> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const server = made.use(await quietServer(name, equippedServer));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks: ["server", "recall"] }));
    const experiment = await VariableExperiment.copy(operator.folder);
    const values = Object.entries(exampleConfiguration(lab, server));
    const block = (isServer: boolean) =>
        Object.fromEntries(values.filter(([path]) => path.startsWith("server.") === isServer));
    await operator.stack("server").configure(block(true));
    const own = {
        "experiment.on.stack": "server",
        "experiment.path": steadyExample,
        "settings.recall_participants": "100000",
    };
    await operator.stack("recall").configure({ ...block(false), ...own });
    await operator.stack("server").up();
    const outputs = await operator.stack("server").stack.outputs();
    const hostname = `recall.${server.address.replaceAll(".", "-")}.nip.io`;
    const site = new Site(`https://${hostname}`, server.address, outputs.server?.value.caCertificate);
    const prepared = await listDeployed(server);
    const kept = made.move();
    return { server, operator, experiment, site, prepared, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
