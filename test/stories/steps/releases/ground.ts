import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { quietServer } from "../../../support/serverState.ts";
import { Site } from "../../../support/site.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../../support/testStack.ts";
import { steadyExample, VariableExperiment } from "./variants.ts";

/** What later releases have otherwise: words that a participant gets, and a secret. */
export const firstRelease = { words: 5, token: "the first token $HOME" } as const;

/** A server with an app that is up. */
export interface Ground extends AsyncDisposable {
    readonly server: TestServer;
    readonly operator: Operator;
    /** Folder of the state. */
    readonly backend: string;
    readonly experiment: VariableExperiment;
    /** The stack whose releases are tested; its app is called `recall`. */
    readonly stack: TestStack;
    readonly app: AppOnServer;
    readonly site: Site;
}

/** A server with two apps that are up, each a stack of its own. */
export interface SharedGround extends Ground {
    /** The other app on the server. */
    readonly other: { readonly stack: TestStack; readonly site: Site };
}

/** Makes a ground with another app. Disposing it takes the server and everything else away. */
export async function newSharedGround(name: string): Promise<SharedGround> {
    await using made = new AsyncDisposableStack();
    const ground = made.use(await newGround(name));
    const stack = ground.operator.stack("other");
    await stack.up();
    const site = new Site(await stack.output("url"), ground.server.address, ground.site.target.ca);
    const other = { stack, site };
    const kept = made.move();
    return { ...ground, other, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Makes the ground. Disposing it takes the server and everything else away. */
export async function newGround(name: string): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const server = made.use(await quietServer(name, equippedServer));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const stacks = ["server", "recall", "other"];
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks }));
    const experiment = await VariableExperiment.copy(operator.folder);
    const values = Object.entries(exampleConfiguration(lab, server));
    const block = (isServer: boolean) =>
        Object.fromEntries(values.filter(([path]) => path.startsWith("server.") === isServer));
    await operator.stack("server").configure(block(true));
    for (const app of stacks.slice(1)) {
        const own = {
            "experiment.name": app,
            "experiment.on.stack": "server",
            "experiment.path": steadyExample,
            // Other stories keep the machine's processors busy for longer than somebody would wait.
            "experiment.releases.quietWithin": "900",
            "settings.recall_participants": "100000",
            "settings.recall_words": String(firstRelease.words),
        };
        await operator.stack(app).configure({ ...block(false), ...own });
        await operator.stack(app).configureSecrets({ "secrets.prolific_api_token": firstRelease.token });
    }
    await operator.stack("server").up();
    const stack = operator.stack("recall");
    await stack.up();
    const ca = (await operator.stack("server").stack.outputs()).server?.value.caCertificate;
    const site = new Site(await stack.output("url"), server.address, ca);
    const kept = made.move();
    return {
        ...{ server, operator, backend, experiment, stack, app: new AppOnServer(server), site },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}
