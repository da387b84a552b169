import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";
import { agentWith } from "../../../support/testAgent.ts";
import { testLab } from "../../../support/testLab.ts";
import { copyProject } from "../../../support/testProject.ts";
import { TestStack } from "../../../support/testStack.ts";

/** Somebody at a machine with a Docker engine and a checkout, and a stack that runs the example there. */
export interface Laptop extends AsyncDisposable {
    /** Folder of the checkout. */
    readonly folder: string;
    readonly stack: TestStack;
    /** An image with a browser and its driver. */
    readonly browser: string;
    /** The lab that it is a machine of. */
    readonly lab: Lab;
    /** What the example is configured with here, under a name. */
    configuration(name: string): Readonly<Record<string, string>>;
    /** Another stack of the same checkout; on an engine that is not the laptop's, where one is named. */
    another(name: string, configuration: Readonly<Record<string, string>>, engine?: string): Promise<TestStack>;
    /** Standard output of docker. */
    docker(...args: string[]): Promise<string>;
    /** Everything that the engine has, and every file of the checkout. */
    listing(): Promise<Readonly<Record<string, readonly string[]>>>;
}

/** Sits down at the laptop. Disposing it takes the checkout away. */
export async function atLaptop(name: string): Promise<Laptop> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    await mkdir(tmpdir(), { recursive: true });
    const copy = made.use(await copyProject());
    const { folder } = copy;
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const environment = { DOCKER_HOST: process.env.DOCKER_HOST ?? "" };
    const { socket: agent } = made.use(await agentWith(lab.key));
    const configuration = (app: string) => ({
        "experiment.path": "examples/recall",
        "experiment.name": app,
        "experiment.on": "local",
        "experiment.image.base": lab.images.python ?? "",
        "settings.threads": "1",
    });
    const another = async (own: string, values: Readonly<Record<string, string>>, engine = environment.DOCKER_HOST) => {
        const found = await TestStack.create({
            folder,
            lab,
            agent,
            backend,
            name: own,
            environment: { ...copy.environment, DOCKER_HOST: engine },
        });
        await found.configure(values);
        return found;
    };
    const stack = await another(name, configuration("recall"));
    // None takes as long; what waits for something asks again, and anything else says which one has hung.
    const options = { cwd: folder, env: environment, timeout: 300_000 };
    const docker = async (...args: string[]) => (await execa("docker", args, options)).stdout;
    const lines = async (...args: string[]) => (await docker(...args)).split("\n").filter(Boolean).toSorted();
    const listing = async () => ({
        containers: await lines("ps", "-a", "--format", "{{.Names}}"),
        volumes: await lines("volume", "ls", "--format", "{{.Name}}"),
        networks: await lines("network", "ls", "--format", "{{.Name}}"),
        images: await lines("image", "ls", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"),
        files: (await readdir(folder, { recursive: true }))
            // Configurations are the user's.
            .filter((file) => !/^(node_modules|backups|stacks\/Pulumi\.(?!example))/.test(file))
            .toSorted(),
    });
    const kept = made.move();
    // By the name that its makers have for it, the engine here has it.
    const browser = lab.images.browser?.replace(`${lab.registry.address}/`, "") ?? "";
    return {
        folder,
        stack,
        browser,
        lab,
        configuration,
        another,
        docker,
        listing,
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}
