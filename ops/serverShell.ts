import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import type { ServerOutput } from "../components/configuration/server/serverOutput.ts";
import { ServerSession } from "../components/remote/serverSession.ts";
import { sshArguments } from "../components/remote/sshArguments.ts";
import { explainSshFailure } from "../components/remote/sshFailure.ts";
import { SshFolder } from "../components/remote/sshFolder.ts";
import { passedThrough } from "./passedThrough.ts";
import { endOf } from "./programEnd.ts";
import { Refusal } from "./refusal.ts";
import { removedOnSignals } from "./removedOnSignals.ts";
import { keepingTerminal } from "./terminal.ts";
import { withoutControls } from "./withoutControls.ts";

/** What ssh has to say of a connection that has ended well. */
const GOODBYE = /^(Shared connection|Connection) to .* closed\.$/;

/** Bytes that a command line may have: Linux gives a program no longer word (MAX_ARG_STRLEN). */
const LONGEST_COMMAND = 120_000;

/** A command on a server that is talked with. */
export interface Conversation {
    /** What it prints up to a line `end`. */
    hear(): Promise<string>;
    /** Writes a line to its standard input. */
    tell(line: string): void;
}

/** Runs scripts as root on a server, logged in as a deployment does: by the stack's own key, or else by the ssh agent. */
export class ServerShell {
    private readonly server: ServerOutput;
    private readonly privateKey: string;

    /** `privateKey` is the stack's own; empty for the ssh agent. */
    constructor(server: ServerOutput, privateKey: string) {
        this.server = server;
        this.privateKey = privateKey;
    }

    /** Name or address by which ssh reaches the server. */
    get host(): string {
        return this.server.host;
    }

    /** Standard output of a command on the server, which reads `input`. @throws {Refusal} when it fails there or the connection does. */
    async output(command: string, input = ""): Promise<string> {
        return await this.asDeployment(async (options) => {
            const result = await execa("ssh", [...options, this.asRoot(command)], { reject: false, input });
            if (result.failed) throw this.refusal(result);
            return result.stdout;
        });
    }

    /**
     * The same for what takes long: whoever waits sees what it says on its way. It does not end with the connection.
     *
     * @throws {Refusal} with its last words, when it fails.
     */
    async attend(command: string, tell: (line: string) => void): Promise<string> {
        return await this.asDeployment(async (options) => {
            const running = execa("ssh", [...options, this.asRoot(command)], { reject: false, stdin: "ignore" });
            let held: string | undefined;
            for await (const line of running.iterable({ from: "stderr" })) {
                if (held !== undefined) tell(held);
                held = withoutControls(line);
            }
            const result = await running;
            if (result.failed) throw this.refusal(result.exitCode === 255 ? result : { ...result, stderr: held ?? "" });
            if (held !== undefined) tell(held);
            return result.stdout;
        });
    }

    /** The same, line by line as it comes. The connection ends with who reads, too, or at a signal. */
    async *lines(command: string, signal?: AbortSignal): AsyncGenerator<string> {
        await using folder = await SshFolder.ofServer(this.server, this.privateKey);
        using _ = removedOnSignals(folder.path);
        const reading = new AbortController();
        const cancelSignal = AbortSignal.any([reading.signal, ...(signal === undefined ? [] : [signal])]);
        const running = execa("ssh", [...sshArguments(this.server, folder.files, []), this.asRoot(command)], {
            ...{ reject: false, stdin: "ignore", buffer: { stdout: false }, cancelSignal },
        });
        try {
            yield* createInterface(running.stdout);
            const result = await running;
            if (result.failed) throw this.refusal(result);
        } finally {
            reading.abort();
            await running;
        }
    }

    /**
     * Runs a command on the server with the standard streams of this one, byte by byte; with `terminal`, at a terminal there that is this
     * one. @returns the command's exit status.
     *
     * @throws {Refusal} when the connection fails, or is lost.
     */
    async attach(command: string, { terminal }: { readonly terminal: boolean }): Promise<number> {
        if (Buffer.byteLength(command) > LONGEST_COMMAND)
            throw new Refusal(
                `the arguments are longer than ${LONGEST_COMMAND / 1000} kB: pass what is long by standard input`,
            );
        await using folder = await SshFolder.ofServer(this.server, this.privateKey);
        using _ = removedOnSignals(folder.path);
        // What ssh says of itself is told from what the command says by where it says it.
        const log = join(folder.path, "log");
        const own = ["-E", log, ...(terminal ? ["-tt"] : ["-T"]), ...sshArguments(this.server, folder.files, [])];
        const run = async () =>
            await execa("ssh", [...own, this.asRoot(command)], { ...passedThrough(terminal), reject: false });
        const status = endOf(await (terminal ? keepingTerminal(run) : run()));
        const said = (await readFile(log, "utf8").catch(() => ""))
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => line !== "" && !GOODBYE.test(line));
        // 255 is ssh's, too.
        if (status === 255 && said.length > 0) throw this.refusal({ exitCode: status, stderr: said.join("\n") });
        return status;
    }

    /**
     * Talks with a command on the server by one connection. What it says on standard error is shown as it comes.
     *
     * @throws {Refusal} when it fails there or the connection does.
     */
    async converse<T>(command: string, talk: (conversation: Conversation) => Promise<T>): Promise<T> {
        let last: string | undefined;
        // The last line is what a failure is told by.
        const say = (line?: string) => {
            if (last !== undefined) console.error(withoutControls(last));
            last = line;
        };
        await using session = await ServerSession.open({
            ...{ server: this.server, privateKey: this.privateKey, command: this.asRoot(command), say },
            ...{ forwarding: () => [], signal: new AbortController().signal },
        });
        using _ = removedOnSignals(session.folder);
        const hear = async () => {
            const part: string[] = [];
            for (let line = await this.heard(session); line !== "end"; line = await this.heard(session))
                part.push(line);
            return part.join("\n");
        };
        const result = await talk({ hear, tell: (line) => session.tell(line) });
        await session.saidAll(5);
        say();
        return result;
    }

    private async heard(session: ServerSession): Promise<string> {
        try {
            return await session.answer();
        } catch (error) {
            throw new Refusal(`${this.host}: ${error instanceof Error ? error.message : String(error)}`);
        }
    }

    /** Writes what a command on the server prints into a new file here, which only this user can read. */
    async save(command: string, file: string): Promise<void> {
        await writeFile(file, "", { flag: "wx", mode: 0o600 });
        await this.asDeployment(async (options) => {
            const args = [...options, this.asRoot(command)];
            const sent = await execa("ssh", args, { stdin: "ignore", stdout: { file }, reject: false });
            if (sent.failed) throw this.refusal(sent);
        });
    }

    /** Unpacks the tar archive that a command on the server writes into a folder here. */
    async unpack(command: string, folder: string): Promise<void> {
        await this.asDeployment(async (options) => {
            const archive = execa("ssh", [...options, this.asRoot(command)], {
                stdin: "ignore",
                buffer: { stdout: false },
                reject: false,
            });
            const unpacking = archive.pipe("tar", ["-C", folder, "--no-same-owner", "-xf", "-"], { reject: false });
            const [sent, unpacked] = await Promise.all([archive, unpacking]);
            if (sent.failed) throw this.refusal(sent);
            if (unpacked.failed) throw new Refusal(`tar: ${unpacked.stderr}`);
        });
    }

    /** Packs a folder here into a tar archive that a command on the server reads. */
    async pack(folder: string, command: string): Promise<void> {
        await this.asDeployment(async (options) => {
            const archive = execa("tar", ["-C", folder, "-cf", "-", "."], {
                stdin: "ignore",
                buffer: { stdout: false },
                reject: false,
            });
            const sending = archive.pipe("ssh", [...options, this.asRoot(command)], { reject: false });
            const [packed, sent] = await Promise.all([archive, sending]);
            // The archive ends where nobody reads it any more: the server's reason comes first.
            if (sent.failed) throw this.refusal(sent);
            if (packed.failed) throw new Refusal(`tar: ${packed.stderr}`);
        });
    }

    private asRoot(command: string): string {
        return this.server.user === "root" ? command : `sudo -n ${command}`;
    }

    /** 255 is ssh's own failure; else the script on the server has said what is wrong. */
    private refusal({ exitCode, stderr }: { exitCode?: number; stderr: string }): Refusal {
        const why = exitCode === 255 ? explainSshFailure(stderr.split("\n")) : stderr;
        return new Refusal(`${this.server.host}: ${why}`);
    }

    private async asDeployment<T>(run: (options: string[]) => Promise<T>): Promise<T> {
        await using folder = await SshFolder.ofServer(this.server, this.privateKey);
        using _ = removedOnSignals(folder.path);
        return await run(sshArguments(this.server, folder.files, []));
    }
}
