import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { type AppVerb, appDoor } from "../components/targets/server/doors.ts";
import { enterDoor } from "./enterDoor.ts";
import type { ExpectedApp } from "./expectedApp.ts";
import type { LogRequest } from "./logs/logRequest.ts";
import type { ContainerUse, ExportedParts, Operations, Process } from "./operations.ts";
import { Refusal } from "./refusal.ts";
import type { ServerShell } from "./serverShell.ts";
import { readSample } from "./stats/sample.ts";
import type { AppStatus } from "./status/appStatus.ts";
import { readServerStatus } from "./status/serverStatus.ts";

/** The operations of an app on a server, by the door that it has there. */
export class ServerOperations implements Operations {
    private readonly shell: ServerShell;
    private readonly app: string;

    constructor(shell: ServerShell, app: string) {
        this.shell = shell;
        this.app = app;
    }

    async exec(process: Process, argv: readonly string[], stdin = ""): Promise<string> {
        return await this.shell.output(this.enter("exec", process, ...argv), stdin);
    }

    logs({ processes, follow, since, text, release }: LogRequest): AsyncIterable<string> {
        const from = since === undefined ? [] : ["--since", "time" in since ? since.time : `-${since.secondsAgo}`];
        const words = [...(follow ? ["--follow"] : []), ...from];
        if (text !== undefined) words.push("--text", text);
        if (release !== undefined) words.push("--release", release);
        return this.shell.lines(this.enter("logs", ...words, ...processes));
    }

    async stats(): Promise<readonly ContainerUse[]> {
        return readSample((await this.shell.output(this.enter("stats", "--counted"))).split("\n"));
    }

    async *watch(signal: AbortSignal): AsyncGenerator<readonly ContainerUse[]> {
        let lines: string[] = [];
        for await (const line of this.shell.lines(this.enter("stats", "--follow"), signal)) {
            if (line === "end") yield readSample(lines.splice(0));
            else lines = [...lines, line];
        }
        throw new Refusal("the server tells it only once: run `./pulumi up` first, or add --once");
    }

    async status({ release, site }: ExpectedApp): Promise<AppStatus> {
        return readServerStatus(await this.shell.output(this.enter("status", release, site)));
    }

    async dump(file: string): Promise<void> {
        // Another run of the same may be at work, and has one of its own.
        const incoming = `${file}.${randomUUID()}.incoming`;
        try {
            await this.shell.save(this.enter("dump"), incoming);
            await rename(incoming, file);
        } finally {
            await rm(incoming, { force: true });
        }
    }

    export({ dump, files, logs }: ExportedParts): AsyncIterable<string> {
        const words = [...(dump ? ["dump"] : []), ...(files ? ["files"] : []), ...(logs ? ["logs"] : [])];
        return this.shell.lines(this.enter("export", ...words));
    }

    private enter(verb: AppVerb, ...words: readonly string[]): string {
        return enterDoor(appDoor(this.app), verb, ...words);
    }
}
