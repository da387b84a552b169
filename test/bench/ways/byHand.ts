import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { Site } from "../../support/site.ts";
import { checkout, type TestServer } from "../../support/testLab.ts";
import { type HandFiles, handFiles, type ReleaseFiles } from "./handFiles.ts";
import { type Images, Wanted } from "./wanted.ts";
import { answers, type Change, type Way } from "./way.ts";

/** Where and from what somebody deploys by hand. */
export interface ByHandOptions {
    /** Name of the app. */
    readonly name: string;
    readonly server: TestServer;
    /** Socket of that person's ssh agent. */
    readonly agent: string;
    /** PEM of the server's own CA. */
    readonly ca: string;
    /** What the program has deployed, with the first of the images and five words. */
    readonly release: ReleaseFiles;
    readonly images: Images;
}

/** An app that somebody puts on the server with ssh, scp and docker compose: the scripts beside this file. */
export class ByHand implements Way, AsyncDisposable {
    readonly actor = "hand";
    readonly site: Site;
    private readonly name: string;
    private readonly folder: string;
    private readonly agent: string;
    private readonly wanted: Wanted;

    private constructor({ name, server, agent, ca, images }: ByHandOptions, folder: string, hostname: string) {
        this.name = name;
        this.folder = folder;
        this.agent = agent;
        this.site = new Site(`https://${hostname}`, server.address, ca);
        this.wanted = new Wanted(server, name, images);
    }

    /** Writes down what is needed for an app that is not there yet. Disposing it removes that, and not the app. */
    static async create(options: ByHandOptions): Promise<ByHand> {
        const { name, server, release } = options;
        const folder = await mkdtemp(join(tmpdir(), "by-hand-"));
        const files: HandFiles = handFiles(release, name);
        const known = { known_hosts: `${server.address} ${server.hostKey}\n`, "ssh.config": sshConfig(server, folder) };
        for (const [path, content] of Object.entries({ ...files.contents, ...known })) {
            await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
            await writeFile(join(folder, path), content, { mode: 0o600 });
        }
        return new ByHand(options, folder, files.hostname);
    }

    get server() {
        return this.wanted.server;
    }

    async ready(change: Change): Promise<() => Promise<void>> {
        const { image: former } = this.wanted;
        this.wanted.change(change);
        const { image, words } = this.wanted;
        switch (change) {
            case "first":
                return async () => {
                    await this.run("first.sh", this.site.hostname, join(checkout, "templates/app/launch.py"));
                    await answers(this.site);
                };
            case "settings":
                return () => this.run("settings.sh", "recall_words", words);
            case "code":
                return () => this.run("code.sh", former, image);
            case "destroy":
                return () => this.run("destroy.sh");
            default:
                return change satisfies never;
        }
    }

    async verify(): Promise<void> {
        await this.wanted.verify();
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await rm(this.folder, { recursive: true, force: true });
    }

    private async run(script: string, ...args: string[]): Promise<void> {
        const file = join(import.meta.dirname, script);
        const env = { SSH_AUTH_SOCK: this.agent };
        await execa("sh", [file, this.folder, this.name, ...args], { env, stdin: "ignore" });
    }
}

/** As it would stand in a person's ~/.ssh/config, and so by no option of this program's (components/remote/sshOptions.ts). */
function sshConfig({ address, user }: TestServer, folder: string): string {
    const lines = [
        "Host server",
        `    HostName ${address}`,
        `    User ${user}`,
        `    UserKnownHostsFile ${folder}/known_hosts`,
        "    GlobalKnownHostsFile none",
        "    StrictHostKeyChecking yes",
        "    LogLevel ERROR",
    ];
    return `${lines.join("\n")}\n`;
}
