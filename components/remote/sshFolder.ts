import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownHostName } from "../configuration/checking/hostKeys.ts";
import type { ServerAddress } from "./connection.ts";
import type { SshFiles } from "./sshOptions.ts";

/** A folder that only this user can enter, with the files that an ssh client reads. Disposing removes it. */
export class SshFolder implements AsyncDisposable {
    readonly path: string;
    readonly files: SshFiles;

    private constructor(path: string, files: SshFiles) {
        this.path = path;
        this.files = files;
    }

    /** For connections to a server. `privateKey` is the stack's own key; empty for the ssh agent. */
    static async ofServer({ host, port, hostKey }: ServerAddress, privateKey: string): Promise<SshFolder> {
        return await SshFolder.create([`${knownHostName(host, port)} ${hostKey}`], privateKey);
    }

    /** For connections to the hosts of these lines of known_hosts. `privateKey` is empty, its default, for the ssh agent. */
    static async create(knownHosts: readonly string[], privateKey = ""): Promise<SshFolder> {
        const path = await mkdtemp(join(tmpdir(), "dlgr-"));
        const files = { knownHosts: join(path, "known_hosts"), privateKey: join(path, "key") };
        const withKey = privateKey !== "";
        const folder = new SshFolder(path, withKey ? files : { knownHosts: files.knownHosts });
        try {
            await writeFile(files.knownHosts, knownHosts.map((line) => `${line}\n`).join(""));
            if (withKey) await writeFile(files.privateKey, `${privateKey.trimEnd()}\n`, { mode: 0o600 });
        } catch (error) {
            await folder[Symbol.asyncDispose]();
            throw error;
        }
        return folder;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await rm(this.path, { recursive: true, force: true });
    }
}
