import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { type AppVerb, appDoor } from "../components/targets/server/doors.ts";
import { containerUse } from "./containerUse.ts";
import { enterDoor } from "./enterDoor.ts";
import type { ExpectedApp } from "./expectedApp.ts";
import type { LogRequest } from "./logs/logRequest.ts";
import type { ContainerUse, ExportedParts, Operations, Process } from "./operations.ts";
import type { ServerShell } from "./serverShell.ts";
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
        return containerUse(await this.shell.output(this.enter("stats")));
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
