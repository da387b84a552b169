import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
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
    const { folder } = made.use(await copyProject());
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const environment = { DOCKER_HOST: process.env.DOCKER_HOST ?? "" };
    const stack = await TestStack.create({ folder, lab, agent: "", backend, name, environment });
    await stack.configure({
        "experiment.path": "examples/recall",
        "experiment.name": "recall",
        "experiment.on": "local",
        "experiment.image.base": lab.images.python ?? "",
        "settings.threads": "1",
    });
    const docker = async (...args: string[]) => (await execa("docker", args, { cwd: folder, env: environment })).stdout;
    const lines = async (...args: string[]) => (await docker(...args)).split("\n").filter(Boolean).toSorted();
    const listing = async () => ({
        containers: await lines("ps", "-a", "--format", "{{.Names}}"),
        volumes: await lines("volume", "ls", "--format", "{{.Name}}"),
        networks: await lines("network", "ls", "--format", "{{.Name}}"),
        images: await lines("image", "ls", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"),
        files: (await readdir(folder, { recursive: true }))
            .filter((file) => !/^(node_modules|backups)/.test(file))
            .toSorted(),
    });
    const kept = made.move();
    const { browser = "" } = lab.images;
    return { folder, stack, browser, docker, listing, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
