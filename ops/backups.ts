import { mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDnsLabel } from "../components/configuration/checking/hostNames.ts";
import { isBackupName } from "../components/configuration/experiment/experimentShape.ts";
import { backupsFolder } from "../components/targets/server/serverNames.ts";
import { checkCopy } from "./backupCopy.ts";
import { EXIT } from "./exitStatus.ts";
import { Refusal } from "./refusal.ts";
import type { ServerShell } from "./serverShell.ts";
import { shellOfStack } from "./shellOfStack.ts";
import { type Columns, printList } from "./table.ts";

/** A complete backup on the server. */
interface Backup {
    /** `<app>/<UTC time>`. */
    readonly path: string;
    readonly fetched: boolean;
}

/** Prints the backups on a stack's server. @returns the exit status. */
export async function listBackups(stack: string | undefined, json: boolean): Promise<number> {
    const columns: Columns<Backup> = {
        BACKUP: ({ path }) => path,
        COPY: ({ fetched }) => (fetched ? "fetched" : "only on the server"),
    };
    printList(await backupsOn(await shellOfStack(stack)), columns, json);
    return EXIT.done;
}

/** Copies the backups that exist only on the server into a folder, and marks each there once all its sums are right. */
export async function fetchBackups(stack: string | undefined, folder: string): Promise<number> {
    const shell = await shellOfStack(stack);
    const missing = (await backupsOn(shell)).filter(({ fetched }) => !fetched);
    for (const [index, { path }] of missing.entries()) {
        const target = join(resolve(folder), shell.host, path);
        console.error(`fetching ${path} (${index + 1} of ${missing.length})`);
        await fetchBackup(shell, path, target);
        await shell.output(`touch ${backupsFolder}/${path}/fetched`);
        console.log(target);
    }
    if (missing.length === 0) console.error("no backup on the server that has not been fetched");
    return EXIT.done;
}

async function backupsOn(shell: ServerShell): Promise<Backup[]> {
    const found = await shell.output(`find ${backupsFolder} -mindepth 2 -maxdepth 3 -name SHA256SUMS -o -name fetched`);
    const lines = found.split("\n").map((line) => line.slice(backupsFolder.length + 1));
    const complete = lines.filter((line) => line.endsWith("/SHA256SUMS"));
    return complete
        .map((line) => line.replace(/\/SHA256SUMS$/, ""))
        .filter(isBackup)
        .toSorted()
        .map((path) => ({ path, fetched: lines.includes(`${path}/fetched`) }));
}

/** Whether this is `<app>/<UTC time>`. */
function isBackup(path: string): boolean {
    const [app = "", name = "", ...rest] = path.split("/");
    return isDnsLabel(app) && isBackupName(name) && rest.length === 0;
}

/** Appears under its name only when it is whole: a copy that broke off is fetched again. */
async function fetchBackup(shell: ServerShell, path: string, target: string): Promise<void> {
    const incoming = `${target}.incoming`;
    await rm(incoming, { recursive: true, force: true });
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    await shell.unpack(`tar -C ${backupsFolder}/${path} -cf - .`, incoming);
    const { problem } = await checkCopy(incoming);
    if (problem !== undefined) throw new Refusal(`${path}: ${problem}; nothing is marked as fetched`);
    await rm(target, { recursive: true, force: true });
    await rename(incoming, target);
}
