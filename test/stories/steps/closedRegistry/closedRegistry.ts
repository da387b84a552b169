import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";
import { checkout } from "../../../support/testLab.ts";

/** Somebody whom a registry knows. */
export interface RegistryUser {
    readonly user: string;
    readonly password: string;
}

/** A registry over TLS that lets nobody in without a login. */
export interface ClosedRegistry extends AsyncDisposable {
    /** Host and port. */
    readonly address: string;
    /** Who pushes. */
    readonly operator: RegistryUser;
    /** Who pulls. */
    readonly server: RegistryUser;
}

const port = "5001";

/** Starts a registry in the lab's workshop. Disposing it takes it away. */
export async function closedRegistry(lab: Lab): Promise<ClosedRegistry> {
    const [operator, server] = ["operator", "server"].map((user) => ({
        user,
        password: randomBytes(24).toString("hex"),
    }));
    if (operator === undefined || server === undefined) throw new Error("there are two users");
    const inWorkshop = async (script: string, args: readonly string[] = [], input = "") => {
        const command = ["exec", lab.name, "workshop", "sh", "-c", script, "sh", ...args];
        const { stdout } = await execa("lab/lab", command, { cwd: checkout, input });
        return stdout.trim();
    };
    const script = await readFile(join(import.meta.dirname, "closedRegistry.sh"), "utf8");
    const users = [operator, server].map(({ user, password }) => `${user} ${password}\n`).join("");
    const address = await inWorkshop(script, [lab.registry.address, port], users);
    const stop = `systemctl stop closed-registry; rm -rf /run/closed-registry /etc/docker/certs.d/${address}`;
    const dispose = async () => {
        await inWorkshop(stop);
    };
    return { address, operator, server, [Symbol.asyncDispose]: dispose };
}

/** A configuration of docker's in which nobody is logged in, with the plugins that docker has here. Disposing it removes it. */
export async function dockerConfiguration(): Promise<{ folder: string } & AsyncDisposable> {
    const folder = await mkdtemp(join(tmpdir(), "docker-configuration-"));
    const plugins = join(process.env.DOCKER_CONFIG ?? join(process.env.HOME ?? "", ".docker"), "cli-plugins");
    if (existsSync(plugins)) await symlink(plugins, join(folder, "cli-plugins"));
    return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
