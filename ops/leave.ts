import { basename } from "node:path";
import { isBackupName, LEAVING } from "../components/configuration/experiment/experimentShape.ts";
import { backupsFolder } from "../components/targets/server/serverNames.ts";
import { appOfStack, type StackApp } from "./appOfStack.ts";
import { forgetArchive, setArchive } from "./archive.ts";
import { EXIT } from "./exitStatus.ts";
import { attend } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";
import { stackOption } from "./stackOption.ts";
import { type AppState, appState } from "./stackState.ts";

/**
 * Takes the stack's app off its server, its data saved first, and keeps what makes it the same app elsewhere: its id, keys and
 * passwords stay in the state, and the configuration says from then on that it begins with that backup.
 *
 * It can be run again after it was interrupted; until it has ended, `pulumi up` is refused: it would begin and launch anew.
 */
export async function leave(stack: string | undefined, yes: boolean): Promise<number> {
    const app = await appOfStack(stack);
    const state = await appState(stack);
    if (state.claim !== undefined) await takeOff(stack, app, state, yes);
    else if (app.archive !== LEAVING) throw new Refusal(`nothing of ${app.name} is on a server of this stack`);
    const backup = await latestBackup(app, state.owner);
    if (backup === undefined) throw new Refusal(noBackup(app));
    await setArchive(stack, backup);
    console.log(whatNext(app, stack, backup));
    return EXIT.done;
}

/** What destroys the claim destroys the rest of the app before it, and nothing that is random. */
async function takeOff(stack: string | undefined, app: StackApp, before: AppState, yes: boolean): Promise<void> {
    await setArchive(stack, LEAVING);
    const confirmed = yes ? ["--yes"] : [];
    await attend(stack, ["destroy", "--target", before.claim ?? "", "--target-dependents", ...confirmed]);
    const { commands } = await appState(stack);
    // Asked for the first time, and all is there: somebody has said no, or the server was not reached.
    if (commands.size === before.commands.size && app.archive !== LEAVING) {
        await setArchive(stack, app.archive);
        throw new Refusal(`${app.name} is on its server as before`);
    }
    if (commands.size > 0) throw new Refusal(notAltogether(app));
}

/**
 * The latest backup of an app of this owner that is on the server: the one that came last by the server's own clock, because the
 * names of those that were sent there tell the time of another one.
 */
async function latestBackup({ name, shell }: StackApp, owner: string | undefined): Promise<string | undefined> {
    if (owner === undefined) return undefined;
    const places = `${backupsFolder} -mindepth 3 -maxdepth 3 -path '${backupsFolder}/${name}/*/owner'`;
    const found = await shell.output(`find ${places} -exec grep -qxF '${owner}' {} ';' -printf '%C@ %h\\n'`);
    const lines = found.split("\n").toSorted((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
    return lines
        .map((line) => basename(line))
        .filter(isBackupName)
        .at(-1);
}

function notAltogether({ name }: StackApp): string {
    return [
        `${name} has not left its server altogether, for the reason above: \`./ops/dallinger leave\` again goes on.`,
        `If it is to stay: ${forgetArchive}, then ./pulumi up`,
    ].join("\n");
}

function noBackup({ name, shell, serverStack }: StackApp): string {
    const list = `./ops/dallinger backups list${stackOption(serverStack)}`;
    return [
        `${name} is on no server of this stack, and on ${shell.host} is no backup that is known to be its.`,
        "If it left another server, set dallinger:experiment.on back to that one's stack, and run this again.",
        `If it has a backup there (${list}): ./pulumi config set --path 'dallinger:experiment.archive' NAME`,
        `If it never had data: ${forgetArchive}`,
    ].join("\n");
}

/** What an app's operator reads when it has left: the way to another server. */
export function whatNext(
    { name, serverStack }: Pick<StackApp, "name" | "serverStack">,
    stack: string | undefined,
    backup: string,
): string {
    const own = stackOption(stack);
    return [
        `${name} has left its server. Its id, keys and passwords stay in this stack, and its next \`up\` begins with the backup ${backup}.`,
        "To have it on another server, which a stack NEW has prepared:",
        `  ./ops/dallinger backups fetch${stackOption(serverStack)}`,
        ...(serverStack === stack
            ? [`  ./pulumi config rm dallinger:server${own}   (\`up\` then takes that server down)`]
            : []),
        `  ./pulumi config set --path 'dallinger:experiment.on.stack' NEW${own}`,
        `  ./ops/dallinger restore FOLDER${own}   (the folder that \`backups fetch\` has printed)`,
        `  ./pulumi up${own}`,
    ].join("\n");
}
