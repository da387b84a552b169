import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isDnsLabel } from "../components/configuration/checking/hostNames.ts";
import { isBackupName } from "../components/configuration/experiment/experimentShape.ts";
import { orMissing } from "../components/local/orMissing.ts";
import { serverDoor } from "../components/targets/server/doors.ts";
import { appOfStack, type StackApp } from "./appOfStack.ts";
import { setArchive } from "./archive.ts";
import { checkCopy } from "./backupCopy.ts";
import { enterDoor } from "./enterDoor.ts";
import { EXIT } from "./exitStatus.ts";
import { VARIANTS } from "./export/receivedExport.ts";
import { Refusal } from "./refusal.ts";
import { stackOption } from "./stackOption.ts";
import { appState } from "./stackState.ts";

/**
 * Sends a backup that was fetched, or an export that has all data, to the server that the stack's app is to run on, and says in the
 * stack's configuration that the app begins with it. Nothing else changes until `pulumi up`.
 */
export async function restore(stack: string | undefined, given: string): Promise<number> {
    const { app, name } = readFolder(given);
    const folder = await folderOfData(given);
    const target = await appOfStack(stack);
    if (app !== target.name)
        throw new Refusal(`${folder} is a backup of ${app}, and this stack's app is ${target.name}`);
    const { commands } = await appState(stack);
    if (commands.has("database")) {
        throw new Refusal(
            `${app} has data of its own on its server, which are never overwritten: \`./ops/dallinger leave\` takes it off, data saved first`,
        );
    }
    const { size, problem } = await checkCopy(folder);
    if (problem !== undefined) throw new Refusal(`${folder}: ${problem}; nothing is sent`);
    console.error(`sending ${app}/${name} to ${target.shell.host}`);
    await send(target, folder, [`${app}/${name}`, String(size)]);
    await setArchive(stack, name);
    console.log(`the next \`./pulumi up\` has ${app} begin with its backup ${name} on ${target.shell.host}`);
    return EXIT.done;
}

/** A server that an earlier version has prepared does not know how to take a backup. */
async function send({ shell, serverStack }: StackApp, folder: string, words: readonly string[]): Promise<void> {
    try {
        await shell.pack(folder, enterDoor(serverDoor, "upload", ...words));
    } catch (error) {
        if (!(error instanceof Refusal) || !/an earlier version of this program/.test(error.message)) throw error;
        const up = `./pulumi up${stackOption(serverStack)}`;
        throw new Refusal(
            `${shell.host} was prepared by an earlier version of this program: ${up}, then repeat the command`,
        );
    }
}

/** Where in it the files are of which SHA256SUMS speaks: an export has them one folder deeper. */
async function folderOfData(folder: string): Promise<string> {
    const variants = ((await orMissing(readdir(folder))) ?? []).filter((name) =>
        VARIANTS.some((known) => known === name),
    );
    if (variants.length === 0) return folder;
    if (variants.includes("regular")) return join(folder, "regular");
    throw new Refusal(
        `${folder} is an export without who has taken part, and an app cannot go on with that: \`./ops/dallinger export --anonymize no\` makes one that it can begin with`,
    );
}

/** The app and the name of the backup in a folder, which `backups fetch` and `export` call by both. */
export function readFolder(folder: string): { app: string; name: string } {
    const path = resolve(folder);
    const [app, name] = [basename(dirname(path)), basename(path)];
    if (isBackupName(name) && isDnsLabel(app)) return { app, name };
    throw new Refusal(
        `${folder} is not a folder …/APP/TIME as \`./ops/dallinger backups fetch\` and \`./ops/dallinger export\` make one`,
    );
}
