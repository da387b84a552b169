import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../lab/readLab.ts";
import { steadyExample, VariableExperiment } from "../stories/steps/releases/variants.ts";
import { type Operator, operatorWith } from "../support/operator.ts";
import { quietServer } from "../support/serverState.ts";
import { Site } from "../support/site.ts";
import { equippedServer, type TestServer, testLab } from "../support/testLab.ts";
import { exampleConfiguration, TestStack } from "../support/testStack.ts";
import { say } from "./progress.ts";
import { ByHand } from "./ways/byHand.ts";
import { ByProgram } from "./ways/byProgram.ts";
import { newPredecessor, type Predecessor } from "./ways/dockerSsh/predecessor.ts";
import type { ReleaseFiles } from "./ways/handFiles.ts";
import { type Images, Wanted } from "./ways/wanted.ts";

/** Name of the app that is measured, and of its stack: a word that nothing else in its release has. */
const measuredApp = "benchmark";

/** A prepared server without an app, which has both versions of the image, and the two ways to put an app there. */
export interface Ground extends AsyncDisposable {
    readonly server: TestServer;
    /** Whose checkout is deployed from. */
    readonly operator: Operator;
    /** The app that is measured, by the program and by hand. */
    readonly program: ByProgram;
    readonly hand: ByHand;
    /** Another app that is to be put there by the program, of this name. */
    anotherByProgram(name: string): Promise<ByProgram>;
    /** Another app that is to be put there by hand. */
    anotherByHand(name: string): Promise<ByHand>;
    /** The predecessor, on another server that is there until this is disposed. */
    predecessor(): Promise<Predecessor>;
    /** A stack of this operator in another copy of the project. */
    stackIn(folder: string, name: string): Promise<TestStack>;
}

/** Makes the ground. Disposing it takes the server and everything else away. */
export async function newGround(): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    say("a server, prepared by the program");
    const lab = await testLab();
    const server = made.use(await quietServer("bench", equippedServer));
    const backend = await mkdtemp(join(tmpdir(), "bench-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks: ["server", measuredApp] }));
    const { folder, agent } = operator;
    const ca = await prepareServer(operator.stack("server"), lab, server);
    // As somebody is who works by hand; the program needs nobody there.
    await server.run("usermod", "-aG", "docker", "debian");
    say("two versions of the image, built and pushed by the program");
    const { images, release } = await deployOnce(operator, lab, server);

    const stackIn = (copy: string, name: string) => TestStack.create({ folder: copy, lab, agent, backend, name });
    const anotherByProgram = async (name: string) => {
        const stack = await stackIn(folder, name);
        await stack.configure(appConfiguration(name, lab, server));
        await stack.configure(byReference(images[0]));
        const site = new Site(`https://${name}.${server.address.replaceAll(".", "-")}.nip.io`, server.address, ca);
        return new ByProgram(stack, site, new Wanted(server, `dlgr-app-${name}`, images));
    };
    const byHand = made.use(new AsyncDisposableStack());
    const anotherByHand = async (name: string) =>
        byHand.use(await ByHand.create({ name, server, agent, ca, release, images }));
    const predecessor = () => newPredecessor({ lab, agent, experiment: join(folder, steadyExample) }, images);
    const program = await anotherByProgram(measuredApp);
    const hand = await anotherByHand("manual");
    const kept = made.move();
    return {
        ...{ server, operator, program, hand, anotherByProgram, anotherByHand, predecessor, stackIn },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}

/** @returns the CA of the server. */
async function prepareServer(stack: TestStack, lab: Lab, server: TestServer): Promise<string> {
    const values = Object.entries(exampleConfiguration(lab, server)).filter(([path]) => path.startsWith("server."));
    await stack.configure(Object.fromEntries(values));
    await stack.up();
    const outputs = await stack.stack.outputs();
    const ca: unknown = outputs.server?.value.caCertificate;
    if (typeof ca !== "string") throw new Error("the server's stack names no CA");
    return ca;
}

/** The values of an app's stack, where the number of participants is no limit. */
function appConfiguration(app: string, lab: Lab, server: TestServer): Record<string, string> {
    const values = Object.entries(exampleConfiguration(lab, server)).filter(([path]) => !path.startsWith("server."));
    return {
        ...Object.fromEntries(values),
        "experiment.name": app,
        "experiment.on.stack": "server",
        "experiment.path": steadyExample,
        "settings.recall_participants": "100000",
        "settings.recall_words": "5",
    };
}

/** What makes a stack take an image that is there instead of building one. */
function byReference(image: string): Record<string, string> {
    return { "experiment.image.repository": "", "experiment.image.reference": image };
}

/** Has the program build and deploy two versions of the experiment, and take the app away again. @returns what it made. */
async function deployOnce(
    { folder, stack: stackOf }: Operator,
    lab: Lab,
    server: TestServer,
): Promise<{ images: Images; release: ReleaseFiles }> {
    const stack = stackOf(measuredApp);
    const experiment = await VariableExperiment.copy(folder);
    await stack.configure(appConfiguration(measuredApp, lab, server));
    await stack.up();
    const first = await stack.output("image");
    await experiment.change();
    await stack.up();
    const images: Images = [first, await stack.output("image")];
    // An image that a container has stays when its last app goes: what is measured pulls nothing, by the program or by hand.
    for (const image of images) await server.run("docker", "create", "--network", "none", image, "true");
    await stack.configure(byReference(first));
    await stack.up();
    const read = async (file: string) =>
        `${await server.run("cat", `/srv/dallinger/apps/${measuredApp}/current/${file}`)}\n`;
    const release = {
        app: measuredApp,
        compose: await read("compose.yaml"),
        environment: await read("environment.yaml"),
    };
    await stack.destroy();
    return { images, release };
}
