import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import type { ServerAddress } from "./connection.ts";
import { sshArguments } from "./sshArguments.ts";
import { explainSshFailure } from "./sshFailure.ts";
import { SshFolder } from "./sshFolder.ts";

/** How a session is opened. */
export interface SessionOptions {
    readonly server: ServerAddress;
    /** The stack's own key; empty for the ssh agent. */
    readonly privateKey: string;
    /** The command line to run there. */
    readonly command: string;
    /** Options of `ssh` that forward something, given a folder for sockets that only this user can enter. */
    readonly forwarding: (folder: string) => readonly string[];
    /** Gets what the command says on standard error, line by line. */
    readonly say: (line: string) => void;
    /** Ends the session. */
    readonly signal: AbortSignal;
}

/** A command that runs on a server and is talked with in lines, by one ssh connection that can forward sockets meanwhile. */
export class ServerSession implements AsyncDisposable {
    /** A folder that only this user can enter; gone with the session. */
    readonly folder: string;
    private readonly sshFolder: SshFolder;
    private readonly ssh: ReturnType<typeof startSsh>;
    private readonly answers: AsyncIterator<string>;
    private readonly errors: string[] = [];
    private readonly port = Promise.withResolvers<number>();
    private readonly heard: Promise<void>;

    private constructor(folder: SshFolder, args: readonly string[], { say, signal }: SessionOptions) {
        this.folder = folder.path;
        this.sshFolder = folder;
        this.ssh = startSsh(args, signal);
        this.answers = this.ssh.iterable({ from: "stdout" })[Symbol.asyncIterator]();
        this.port.promise.catch(() => {}); // nobody has to ask for it
        this.heard = this.hear(this.ssh.iterable({ from: "stderr" }), say);
    }

    /** Starts to connect. Whether that succeeds is known with the first answer. */
    static async open(options: SessionOptions): Promise<ServerSession> {
        const { server, privateKey, command, forwarding } = options;
        const folder = await SshFolder.ofServer(server, privateKey);
        const args = [...sshArguments(server, folder.files, forwarding(folder.path)), command];
        return new ServerSession(folder, args, options);
    }

    /**
     * The next line that the command writes to its standard output.
     *
     * @throws {Error} that says why, when the command or the connection ends instead.
     */
    async answer(): Promise<string> {
        const { value, done } = await this.answers.next();
        if (done !== true) return value;
        await this.heard;
        throw await this.failure();
    }

    /** Writes a line to the command's standard input. */
    tell(line: string): void {
        this.ssh.stdin.write(`${line}\n`);
    }

    /** The port of the server's loopback that is forwarded here, where ssh was to choose one (`-R 0:…`). */
    async forwardedPort(): Promise<number> {
        return await this.port.promise;
    }

    /** Waits until the command has said all that it says, which may come behind its last answer, or for so many seconds. */
    async saidAll(seconds: number): Promise<void> {
        await Promise.race([this.heard, setTimeout(seconds * 1000, undefined, { ref: false })]);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.ssh.kill();
        await this.answers.return?.();
        await this.ssh;
        await this.heard;
        await this.sshFolder[Symbol.asyncDispose]();
    }

    private async hear(lines: AsyncIterable<string>, say: (line: string) => void): Promise<void> {
        for await (const line of lines) {
            const [, port] = /^Allocated port (\d+) for remote forward/.exec(line) ?? [];
            if (port !== undefined) {
                this.port.resolve(Number(port));
                continue;
            }
            say(line);
            this.errors.push(line);
        }
        this.port.reject(await this.failure());
    }

    private async failure(): Promise<Error> {
        const { code, isCanceled } = await this.ssh;
        if (isCanceled) return new Error("it was interrupted");
        if (code === "ENOENT") return new Error("there is no ssh command: install OpenSSH's client");
        return new Error(explainSshFailure(this.errors));
    }
}

function startSsh(args: readonly string[], signal: AbortSignal) {
    return execa("ssh", args, { stdin: "pipe", buffer: false, reject: false, cancelSignal: signal });
}
