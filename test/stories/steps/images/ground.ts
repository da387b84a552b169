import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfigTxt } from "../../../../components/configuration/settings/configTxt.ts";
import type { Lab } from "../../../../lab/readLab.ts";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { quietServer } from "../../../support/serverState.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../../support/testStack.ts";
import { steadyExample, VariableExperiment } from "../releases/variants.ts";

/** Who builds an image, and who runs it elsewhere. */
export interface Ground extends AsyncDisposable {
    readonly lab: Lab;
    readonly server: TestServer;
    /** Has docker and the experiment; their app is called `recall`. */
    readonly builder: Operator;
    readonly experiment: VariableExperiment;
    /** Has no engine, and a checkout of their own; their app is called `twin`. */
    readonly twin: Operator;
    /** Has no engine, and a checkout without experiments; their app is called `copy`. */
    readonly runner: Operator;
}

/** Makes the ground, its server prepared. Disposing it takes the server and everything else away. */
export async function newGround(): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const server = made.use(await quietServer("images", equippedServer));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const builder = made.use(await operatorWith({ key: lab.key, backend, stacks: ["server", "recall", "arm64"] }));
    const environment = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
    const runner = made.use(await operatorWith({ key: lab.key, backend, stacks: ["copy", "foreign"], environment }));
    const twin = made.use(await operatorWith({ key: lab.key, backend, stacks: ["twin"], environment }));
    const experiment = await VariableExperiment.copy(builder.folder);
    const values = Object.entries(exampleConfiguration(lab, server));
    const block = (isServer: boolean) =>
        Object.fromEntries(values.filter(([path]) => path.startsWith("server.") === isServer));
    await builder.stack("server").configure(block(true));
    await builder.stack("server").up();
    const own = { "experiment.on.stack": "server", "experiment.path": steadyExample };
    await builder.stack("recall").configure({ ...block(false), ...own });
    await twin.stack("twin").configure({ ...block(false), ...own, "experiment.name": "twin" });
    const settings = await settingsOf(join(builder.folder, steadyExample, "config.txt"));
    for (const name of ["copy", "foreign"]) await configureWithoutFolder(runner.stack(name), name, settings);
    await rm(join(runner.folder, "examples"), { recursive: true });
    const kept = made.move();
    return { lab, server, builder, experiment, twin, runner, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** What stands in a config.txt, for a stack that has none. */
async function settingsOf(file: string): Promise<Record<string, string>> {
    const { values } = parseConfigTxt(await readFile(file, "utf8"));
    return Object.fromEntries([...values].map(([key, value]) => [`settings.${key}`, value]));
}

async function configureWithoutFolder(stack: TestStack, name: string, settings: Record<string, string>): Promise<void> {
    await stack.configure({
        ...settings,
        "settings.mode": "live",
        "settings.recruiter": "hotair",
        "settings.threads": "1",
        "experiment.name": name,
        "experiment.on.stack": "server",
        "experiment.parameters.recall_words": "int",
        "experiment.parameters.recall_participants": "int",
        "experiment.parameters.recall_bonus_per_word": "float",
    });
}

/** The image that an app's web was started from, and its id. */
export async function runningImage(server: TestServer, app: string): Promise<{ image: string; id: string }> {
    const web = await server.run("sh", "-c", `cut -d: -f1 /srv/dallinger/server/caddy/upstreams/${app}`);
    const format = "{{.Config.Image}} {{.Image}}";
    const [image = "", id = ""] = (await server.run("docker", "inspect", "--format", format, web.trim())).split(" ");
    return { image, id };
}
