import { mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { formatSize } from "../components/image/files/sizeLimit.ts";
import { appDoor, serverDoor } from "../components/targets/server/doors.ts";
import { backupsFolder } from "../components/targets/server/serverNames.ts";
import { appOfStack } from "./appOfStack.ts";
import { checkCopy } from "./backupCopy.ts";
import { enterDoor } from "./enterDoor.ts";
import { EXIT } from "./exitStatus.ts";
import { isBackupPath, type ListedBackup, readServerBackups } from "./listedBackups.ts";
import { Refusal } from "./refusal.ts";
import type { ServerShell } from "./serverShell.ts";
import { shellOfStack } from "./shellOfStack.ts";
import { type Columns, printList } from "./table.ts";
import { withoutControls } from "./withoutControls.ts";

/** Prints the backups on a stack's server. @returns the exit status: {@link EXIT.differs} when a scheduled one was not made. */
export async function listBackups(stack: string | undefined, json: boolean): Promise<number> {
    const shell = await shellOfStack(stack);
    const { backups, failed } = readServerBackups(await shell.output(enterDoor(serverDoor, "backups")));
    printList(backups, columns, json);
    for (const { app, time, reason } of failed) console.error(withoutControls(`${app}, at ${time}: ${reason}`));
    return failed.length > 0 ? EXIT.differs : EXIT.done;
}

const columns: Columns<ListedBackup> = {
    BACKUP: ({ path }) => path,
    KIND: ({ kind }) => kind,
    SIZE: ({ bytes }) => formatSize(bytes),
    COPY: ({ fetched, offServer }) =>
        [...(fetched ? ["fetched"] : []), ...(offServer ? ["in the repository"] : [])].join(", ") ||
        "only on the server",
};

/** Saves the stack's app while it works on, and prints the backup's name. */
export async function makeBackup(stack: string | undefined): Promise<number> {
    const { name, shell } = await appOfStack(stack);
    const told = await shell.attend(enterDoor(appDoor(name), "backup"), (line) => console.error(line));
    console.log(told.trim());
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

/** Also on a server that an earlier version has prepared. */
async function backupsOn(shell: ServerShell): Promise<{ path: string; fetched: boolean }[]> {
    const found = await shell.output(`find ${backupsFolder} -mindepth 2 -maxdepth 3 -name SHA256SUMS -o -name fetched`);
    const lines = found.split("\n").map((line) => line.slice(backupsFolder.length + 1));
    const complete = lines.filter((line) => line.endsWith("/SHA256SUMS"));
    return complete
        .map((line) => line.replace(/\/SHA256SUMS$/, ""))
        .filter(isBackupPath)
        .toSorted()
        .map((path) => ({ path, fetched: lines.includes(`${path}/fetched`) }));
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
