import { statfs } from "node:fs/promises";
import { execa } from "execa";

/** What has to be free where the engine keeps its images before it builds one, in MiB: an image of an experiment is 0.3 to 1 GiB. */
const NEEDED = 2048;

/**
 * Refuses to build on an engine of this machine that has little room left: a full disk stops all that runs there.
 *
 * Says nothing where it cannot see: of an engine elsewhere, or in a virtual machine.
 *
 * @throws {Error} that names what could be pruned.
 */
export async function requireBuildSpace(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
    const root = await engineFolder(environment);
    const free = root === undefined ? undefined : await freeMebibytes(root);
    if (root === undefined || free === undefined || free >= NEEDED) return;
    const { stdout = "" } = await execa("docker", ["system", "df"], { reject: false, timeout: 60_000 });
    throw new Error(explainSpace({ root, free, usage: stdout }));
}

/** Says what is missing and what could go. */
function explainSpace({ root, free, usage }: { root: string; free: number; usage: string }): string {
    const missing = `${free} MiB are free in ${root}, and a build needs ${NEEDED}`;
    const prune =
        "`docker builder prune` removes the build cache, `docker image prune -a` images that no container uses";
    return [`${missing}. ${prune}. What could be pruned there:`, usage].join("\n");
}

/** Where an engine that is reached by a socket of this machine keeps its images. */
async function engineFolder(environment: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
    const ask = async (...args: string[]) =>
        (await execa("docker", args, { reject: false, timeout: 60_000 })).stdout?.trim() ?? "";
    const host = environment.DOCKER_HOST ?? (await ask("context", "inspect", "--format", "{{.Endpoints.docker.Host}}"));
    if (!host.startsWith("unix://")) return undefined;
    const folder = await ask("info", "--format", "{{.DockerRootDir}}");
    return folder === "" ? undefined : folder;
}

async function freeMebibytes(folder: string): Promise<number | undefined> {
    try {
        const { bavail, bsize } = await statfs(folder);
        return Math.floor((bavail * bsize) / 2 ** 20);
    } catch {
        return undefined;
    }
}
