import { appendFile, cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { servingWeb } from "../../../support/appOnServer.ts";
import type { TestServer } from "../../../support/testLab.ts";

/** Copies the example into a project's folder `to`, with a launch that {@link HeldLaunch} can hold. */
export async function copyHoldingExample(project: string, to: string): Promise<void> {
    const folder = join(project, to);
    await cp(join(project, "examples/recall"), folder, { recursive: true });
    await appendFile(join(folder, "experiment.py"), await readFile(join(import.meta.dirname, "onLaunch.py")));
}

/** The launch of an app that runs the holding example, seen from its server. */
export class HeldLaunch {
    private readonly server: TestServer;
    private readonly app: string;
    private readonly files: string;

    constructor(server: TestServer, app: string) {
        this.server = server;
        this.app = app;
        this.files = `/var/lib/dallinger/${app}`;
    }

    /** From now on a launch does not get done. The app need not be there yet. */
    async hold(): Promise<void> {
        await this.server.shell(`mkdir -p ${this.files} && touch ${this.files}/hold`);
    }

    async release(): Promise<void> {
        await this.server.run("rm", `${this.files}/hold`);
    }

    /** How many launches the experiment has seen begin, and get done. */
    async count(): Promise<{ begun: number; done: number }> {
        const notes = (await this.server.shell(`cat ${this.files}/launches 2>/dev/null || :`)).split("\n");
        const times = (event: string) => notes.filter((note) => note === event).length;
        return { begun: times("begun"), done: times("done") };
    }

    /** Waits until that many launches have begun: the web process has received the POST. */
    async begun(times: number): Promise<void> {
        await this.until(async () => (await this.count()).begun >= times, `${times} launches to begin`);
    }

    /** Waits until that many launches are done. */
    async done(times: number): Promise<void> {
        await this.until(async () => (await this.count()).done >= times, `${times} launches to get done`);
    }

    /** The answers of the running web container to a POST of /launch: their status, from its access log. */
    async answers(): Promise<string[]> {
        const log = await this.server.shell(`docker logs ${await servingWeb(this.server, this.app)} 2>&1`);
        return [...log.matchAll(/"POST \/launch HTTP\/1\.\d\\?" (\d+)/g)].map(([, status = ""]) => status);
    }

    /** Kills the program in the web container that waits for the answer. */
    async killWaiting(): Promise<void> {
        await this.server.run("pkill", "-KILL", "-f", `^python3 - ${this.app}\\.`);
    }

    /** As when the server's power fails: the script that launches, and the web container, which comes back by itself. */
    async killAll(): Promise<void> {
        await this.server.run("pkill", "-KILL", "-f", `^/bin/sh /srv/dallinger/apps/${this.app}/bin/app launch`);
        const web = await servingWeb(this.server, this.app);
        await this.server.shell(`kill -KILL "$(docker inspect --format '{{.State.Pid}}' ${web})"`);
        const health = ["docker", "inspect", "--format", "{{.RestartCount}} {{.State.Health.Status}}", web];
        await this.until(
            async () => (await this.server.run(...health)) === "1 healthy",
            "the web container to be back",
        );
    }

    /** Cuts the ssh connection over which the launch was begun. */
    async cutConnection(): Promise<void> {
        await this.server.run("pkill", "-KILL", "-u", "debian", "-f", "^sshd-session: debian");
    }

    private async until(holds: () => Promise<boolean>, what: string): Promise<void> {
        for (let tries = 0; !(await holds()); tries++) {
            if (tries > 300) throw new Error(`waited in vain for ${what}`);
            await setTimeout(500);
        }
    }
}
