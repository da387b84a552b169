import { lstat } from "node:fs/promises";
import { dirname } from "node:path";

/** Files that have to hold secrets, closed to all but root: path on the server, and why. */
const hidden: readonly { readonly path: RegExp; readonly reason: string }[] = [
    {
        path: /^\/srv\/dallinger\/apps\/[^/]+\/releases\/[0-9a-f]+\/environment\.yaml$/,
        reason: "the environment of the app's containers, which compose needs whenever it starts them",
    },
    {
        path: /^\/srv\/dallinger\/apps\/[^/]+\/releases\/[0-9a-f]+\/secrets$/,
        reason: "what the scripts look for in log lines before they show them",
    },
    {
        path: /^\/srv\/dallinger\/backups\/[^/]+\/[^/]+\/logs\/\w+\.log$/,
        reason: "what an experiment itself has chosen to log",
    },
    {
        path: /^\/srv\/dallinger\/server\/postgres\/password$/,
        reason: "the image of PostgreSQL wants a superuser's password; it is no way in, and nobody is told",
    },
    {
        path: /^\/var\/lib\/docker\/containers\/[0-9a-f]{64}\/config\.v2\.json$/,
        reason: "Docker's own record of a container, its environment included",
    },
    {
        path: /^\/run\/containerd\/io\.containerd\.runtime\.v2\.task\/moby\/[0-9a-f]{64}\/config\.json$/,
        reason: "containerd's own record of a running container",
    },
    {
        path: /^\/var\/lib\/containerd\/io\.containerd\.metadata\.v1\.bolt\/meta\.db$/,
        reason: "containerd's own records, removed containers' included until it writes over them",
    },
    {
        path: /^\/var\/lib\/docker\/overlay2\/[0-9a-f]{64}\/diff\/etc\/pgbouncer\/userlist\.txt$/,
        reason: "the role's password where pgbouncer looks for it, inside its container",
    },
    {
        path: /^\/var\/lib\/docker\/volumes\/dlgr-server-caddy-data\/_data\/caddy\/pki\/authorities\/local\/root\.key$/,
        reason: "the key of Caddy's CA, where Caddy keeps it",
    },
];

/** Whether a file may hold secrets, and is closed to everybody else. The root folder is that of the machine, as seen from here. */
export async function isHidden(root: string, path: string): Promise<boolean> {
    return hidden.some((place) => place.path.test(path)) && !(await isOpen(root, path));
}

/** Whether everybody on the machine can read a file: its mode and those of the folders above it let them. */
export async function isOpen(root: string, path: string): Promise<boolean> {
    if (!(await allows(root + path, 0o4))) return false;
    for (let folder = dirname(path); ; folder = dirname(folder)) {
        if (!(await allows(root + folder, 0o1))) return false;
        if (folder === "/") return true;
    }
}

async function allows(path: string, others: number): Promise<boolean> {
    const { mode } = await lstat(path);
    return (mode & others) !== 0;
}
