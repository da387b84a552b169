import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { dataFolder } from "../../local/dataFolder.ts";

/** How long a port is kept for the experiment that has chosen it, in milliseconds: at least this, and at most twice as long. */
const PERIOD = 15 * 60_000;

/**
 * The ports that experiments have chosen and do not listen on yet: two that are made at once must not choose the same. Each is a file,
 * named after port and period, of which only one can make a new one.
 */
export class ReservedPorts {
    private readonly folder: string;

    /** In the folder of data that all checkouts of this user have in common. */
    constructor(environment: NodeJS.ProcessEnv = process.env) {
        this.folder = join(dataFolder(environment), "ports");
    }

    /** Keeps a port for who asks, unless it is kept for another one. @returns whether it is. */
    async reserve(port: number, now: Date): Promise<boolean> {
        await mkdir(this.folder, { recursive: true, mode: 0o700 });
        await this.forgetBefore(now);
        const period = Math.floor(now.getTime() / PERIOD);
        if (await exists(this.file(port, period - 1))) return false;
        try {
            await (await open(this.file(port, period), "wx", 0o600)).close();
            return true;
        } catch (error) {
            if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
            throw error;
        }
    }

    /** What listens there now keeps it by that. */
    async release(port: number): Promise<void> {
        for (const name of await this.names()) {
            if (name.startsWith(`${port}-`)) await rm(join(this.folder, name), { force: true });
        }
    }

    private async forgetBefore(now: Date): Promise<void> {
        const oldest = Math.floor(now.getTime() / PERIOD) - 1;
        for (const name of await this.names()) {
            if (Number(name.split("-")[1]) < oldest) await rm(join(this.folder, name), { force: true });
        }
    }

    private async names(): Promise<string[]> {
        return await readdir(this.folder).catch(() => []);
    }

    private file(port: number, period: number): string {
        return join(this.folder, `${port}-${period}`);
    }
}

async function exists(file: string): Promise<boolean> {
    return await stat(file).then(
        () => true,
        () => false,
    );
}
