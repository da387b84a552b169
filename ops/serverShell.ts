import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { ServerOutput } from "../components/configuration/serverOutput.ts";
import { knownHostsLine, optionPath } from "../components/remote/sshArguments.ts";
import { Refusal } from "./refusal.ts";

/** Runs scripts as root on a server, by the ssh client's own means of authentication and the host key that the stack names. */
export class ServerShell {
    private readonly server: ServerOutput;

    constructor(server: ServerOutput) {
        this.server = server;
    }

    /** Name or address by which ssh reaches the server. */
    get host(): string {
        return this.server.host;
    }

    /** Standard output of a command on the server. @throws {Refusal} when it fails there or the connection does. */
    async output(command: string): Promise<string> {
        return await this.withKnownHost(async (options) => {
            const result = await execa("ssh", [...options, this.asRoot(command)], { reject: false, stdin: "ignore" });
            if (result.failed) throw new Refusal(`${this.server.host}: ${result.stderr}`);
            return result.stdout;
        });
    }

    /** Unpacks the tar archive that a command on the server writes into a folder here. */
    async unpack(command: string, folder: string): Promise<void> {
        await this.withKnownHost(async (options) => {
            const archive = execa("ssh", [...options, this.asRoot(command)], {
                stdin: "ignore",
                buffer: { stdout: false },
                reject: false,
            });
            const unpacking = archive.pipe("tar", ["-C", folder, "--no-same-owner", "-xf", "-"], { reject: false });
            const [sent, unpacked] = await Promise.all([archive, unpacking]);
            if (sent.failed) throw new Refusal(`${this.server.host}: ${sent.stderr}`);
            if (unpacked.failed) throw new Refusal(`tar: ${unpacked.stderr}`);
        });
    }

    /** Packs a folder here into a tar archive that a command on the server reads. */
    async pack(folder: string, command: string): Promise<void> {
        await this.withKnownHost(async (options) => {
            const archive = execa("tar", ["-C", folder, "-cf", "-", "."], {
                stdin: "ignore",
                buffer: { stdout: false },
                reject: false,
            });
            const sending = archive.pipe("ssh", [...options, this.asRoot(command)], { reject: false });
            const [packed, sent] = await Promise.all([archive, sending]);
            // The archive ends where nobody reads it any more: the server's reason comes first.
            if (sent.failed) throw new Refusal(`${this.server.host}: ${sent.stderr}`);
            if (packed.failed) throw new Refusal(`tar: ${packed.stderr}`);
        });
    }

    private asRoot(command: string): string {
        return this.server.user === "root" ? command : `sudo -n ${command}`;
    }

    private async withKnownHost<T>(run: (options: string[]) => Promise<T>): Promise<T> {
        const { host, port, user } = this.server;
        const folder = await mkdtemp(join(tmpdir(), "known-host-"));
        const knownHosts = join(folder, "known_hosts");
        try {
            await writeFile(knownHosts, knownHostsLine(this.server));
            const trust = [
                "StrictHostKeyChecking=yes",
                `UserKnownHostsFile=${optionPath(knownHosts)}`,
                "GlobalKnownHostsFile=/dev/null",
            ];
            const settings = [...trust, "BatchMode=yes", "ConnectTimeout=15"].flatMap((setting) => ["-o", setting]);
            return await run([...settings, "-p", String(port), `${user}@${host}`]);
        } finally {
            await rm(folder, { recursive: true });
        }
    }
}
