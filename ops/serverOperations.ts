import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { type AppVerb, appDoor } from "../components/targets/server/doors.ts";
import { enterDoor } from "./enterDoor.ts";
import type { ExpectedApp } from "./expectedApp.ts";
import { type LaunchState, type Resolution, readLaunch } from "./launchState.ts";
import type {
    ContainerUse,
    ExportedParts,
    LogRequest,
    Operations,
    Process,
    PsqlSession,
    RestartWaits,
} from "./operations.ts";
import { Refusal } from "./refusal.ts";
import type { ServerShell } from "./serverShell.ts";
import { readSample } from "./stats/sample.ts";
import type { AppStatus } from "./status/appStatus.ts";
import { readServerStatus } from "./status/serverStatus.ts";

/** The operations of an app on a server, by the door that it has there. */
export class ServerOperations implements Operations {
    private readonly shellThere: ServerShell;
    private readonly app: string;

    constructor(shell: ServerShell, app: string) {
        this.shellThere = shell;
        this.app = app;
    }

    async exec(process: Process, argv: readonly string[], stdin = ""): Promise<string> {
        return await this.shellThere.output(this.enter("exec", process, ...argv), stdin);
    }

    async run(process: Process, argv: readonly string[]): Promise<number> {
        return await this.shellThere.attach(this.enter("exec", process, ...argv), { terminal: false });
    }

    async shell(process: Process): Promise<number> {
        return await this.shellThere.attach(this.enter("shell", process), { terminal: true });
    }

    async psql(args: readonly string[], { terminal, write }: PsqlSession): Promise<number> {
        const words = [write ? "write" : "read", terminal ? "terminal" : "stream", ...args];
        return await this.shellThere.attach(this.enter("psql", ...words), { terminal });
    }

    async restart(processes: readonly Process[], { workersTimeout, healthyWithin }: RestartWaits): Promise<string> {
        const command = this.enter("restart", String(workersTimeout), String(healthyWithin), ...processes);
        const said = await this.shellThere.converse(command, async ({ hear }) => await hear());
        return said.replace(/^restarted /, "");
    }

    async launch(): Promise<LaunchState> {
        return readLaunch(await this.shellThere.output(this.enter("launch", "show")));
    }

    async resolveLaunch(how: Resolution, asked: (known: LaunchState) => Promise<void>): Promise<LaunchState> {
        return await this.shellThere.converse(this.enter("launch", "ask", how), async ({ hear, tell }) => {
            await asked(readLaunch(await hear()));
            tell("yes");
            return readLaunch(await hear());
        });
    }

    logs({ processes, follow, since, text, release }: LogRequest): AsyncIterable<string> {
        const from = since === undefined ? [] : ["--since", "time" in since ? since.time : `-${since.secondsAgo}`];
        const words = [...(follow ? ["--follow"] : []), ...from];
        if (text !== undefined) words.push("--text", text);
        if (release !== undefined) words.push("--release", release);
        return this.shellThere.lines(this.enter("logs", ...words, ...processes));
    }

    async stats(): Promise<readonly ContainerUse[]> {
        return readSample((await this.shellThere.output(this.enter("stats", "--counted"))).split("\n"));
    }

    async *watch(signal: AbortSignal): AsyncGenerator<readonly ContainerUse[]> {
        let lines: string[] = [];
        for await (const line of this.shellThere.lines(this.enter("stats", "--follow"), signal)) {
            if (line === "end") yield readSample(lines.splice(0));
            else lines = [...lines, line];
        }
        throw new Refusal("the server tells it only once: run `./pulumi up` first, or add --once");
    }

    async status({ release, site, schedule }: ExpectedApp): Promise<AppStatus> {
        return readServerStatus(await this.shellThere.output(this.enter("status", release, site, schedule)));
    }

    async dump(file: string): Promise<void> {
        // Another run of the same may be at work, and has one of its own.
        const incoming = `${file}.${randomUUID()}.incoming`;
        try {
            await this.shellThere.save(this.enter("dump"), incoming);
            await rename(incoming, file);
        } finally {
            await rm(incoming, { force: true });
        }
    }

    export({ dump, files, logs }: ExportedParts): AsyncIterable<string> {
        const words = [...(dump ? ["dump"] : []), ...(files ? ["files"] : []), ...(logs ? ["logs"] : [])];
        return this.shellThere.lines(this.enter("export", ...words));
    }

    private enter(verb: AppVerb, ...words: readonly string[]): string {
        return enterDoor(appDoor(this.app), verb, ...words);
    }
}
