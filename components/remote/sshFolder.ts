import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerAddress } from "./connection.ts";
import { knownHostsLine, type SshFiles } from "./sshArguments.ts";

/** A folder that only this user can enter, with the files that an ssh client reads. Disposing removes it. */
export class SshFolder implements AsyncDisposable {
    readonly path: string;
    readonly files: SshFiles;

    private constructor(path: string, files: SshFiles) {
        this.path = path;
        this.files = files;
    }

    /** `privateKey` is the stack's own key; empty for the ssh agent. */
    static async create(server: ServerAddress, privateKey: string): Promise<SshFolder> {
        const path = await mkdtemp(join(tmpdir(), "dlgr-"));
        const [knownHosts, key] = [join(path, "known_hosts"), join(path, "key")];
        const withKey = privateKey !== "";
        const folder = new SshFolder(path, { knownHosts, ...(withKey && { privateKey: key }) });
        try {
            await writeFile(knownHosts, knownHostsLine(server));
            if (withKey) await writeFile(key, `${privateKey.trimEnd()}\n`, { mode: 0o600 });
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
