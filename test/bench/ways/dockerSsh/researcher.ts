import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";
import type { TestServer } from "../../../support/testLab.ts";
import { configurationFile } from "./configurationFile.ts";

/** Who deploys, from what, and to where. */
export interface ResearcherOptions {
    readonly lab: Lab;
    readonly server: TestServer;
    /** Socket of that person's ssh agent. */
    readonly agent: string;
    /** The experiment's folder. */
    readonly experiment: string;
    /** What is different in its config.txt. */
    readonly settings: Readonly<Record<string, string>>;
}

/** Somebody who works with docker-ssh: a home with its configuration, a copy of the experiment, and a Redis. */
export class Researcher implements AsyncDisposable {
    private readonly folder: string;
    private readonly configuration: string;
    private readonly environment: Readonly<Record<string, string>>;
    private readonly made: AsyncDisposable;

    private constructor(
        folder: string,
        configuration: string,
        environment: Record<string, string>,
        made: AsyncDisposable,
    ) {
        this.folder = folder;
        this.configuration = configuration;
        this.environment = environment;
        this.made = made;
    }

    static async create({ lab, server, agent, experiment, settings }: ResearcherOptions): Promise<Researcher> {
        await using made = new AsyncDisposableStack();
        const folder = await mkdtemp(join(tmpdir(), "docker-ssh-"));
        made.defer(() => rm(folder, { recursive: true, force: true }));
        const { stdout: installed } = await execa("sh", [join(import.meta.dirname, "install.sh")], {
            stderr: "inherit",
        });
        await writeHome(folder, lab, server);
        await cp(experiment, join(folder, "experiment"), { recursive: true });
        const configuration = configurationFile(await readFile(join(experiment, "config.txt"), "utf8"), settings);
        const environment = {
            HOME: folder,
            PATH: [join(folder, "bin"), join(installed, "bin"), process.env.PATH].join(":"),
            SSH_AUTH_SOCK: agent,
            REDIS_URL: made.use(await redisOf(lab)).url,
        };
        return new Researcher(folder, configuration, environment, made.move());
    }

    /** Names the image to deploy in config.txt, where docker-ssh looks for it. */
    async choose(image: string): Promise<void> {
        const text = configurationFile(this.configuration, { docker_image_name: image });
        await writeFile(join(this.folder, "experiment/config.txt"), text);
    }

    /** Runs `dallinger docker-ssh` in the experiment's folder. */
    async run(...args: string[]): Promise<void> {
        const cwd = join(this.folder, "experiment");
        await execa("dallinger", ["docker-ssh", ...args], { cwd, env: this.environment, stdin: "ignore" });
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.made[Symbol.asyncDispose]();
    }
}

/** The person's configuration, and an `ssh` that knows that home: docker-ssh runs it beside connections of its own. */
async function writeHome(folder: string, lab: Lab, server: TestServer): Promise<void> {
    const files = {
        ".dallingerconfig": `[Parameters]\nserver_pem = ${lab.key}\ndashboard_password = benchmark\n`,
        ".ssh/known_hosts": `${server.address} ${server.hostKey}\n`,
        ".ssh/config": `UserKnownHostsFile ${folder}/.ssh/known_hosts\nGlobalKnownHostsFile none\nLogLevel ERROR\n`,
        "bin/ssh": await readFile(join(import.meta.dirname, "ssh.sh"), "utf8"),
    };
    await mkdir(join(folder, ".ssh"), { mode: 0o700 });
    await mkdir(join(folder, "bin"));
    for (const [path, content] of Object.entries(files)) {
        await writeFile(join(folder, path), content, { mode: path.startsWith("bin/") ? 0o755 : 0o600 });
    }
}

/** A Redis in the lab's workshop: docker-ssh asks one of the person's own whether recruitment has been switched off. */
async function redisOf(lab: Lab): Promise<{ url: string } & AsyncDisposable> {
    const name = "docker-ssh-redis";
    const docker = (...args: string[]) => execa("docker", args, { env: { ...lab.environment } });
    const remove = async () => {
        await docker("rm", "--force", "--volumes", name);
    };
    await remove();
    await docker("run", "--detach", "--name", name, "--publish", "6379:6379", `${lab.images.redis}`);
    return {
        url: `redis://${new URL(`https://${lab.registry.address}`).hostname}:6379`,
        [Symbol.asyncDispose]: remove,
    };
}
