import { parseArgs } from "node:util";
import { fetchBackups, listBackups } from "./backups.ts";
import { check, mend } from "./check.ts";
import { leave } from "./leave.ts";
import { Refusal } from "./refusal.ts";
import { goForward, listReleases, rollBack } from "./releases.ts";
import { restore } from "./restore.ts";
import { serverOfStack } from "./serverOfStack.ts";

const usage = `usage: ./ops/dallinger COMMAND [--stack STACK]

  backups list                     the backups on the stack's server, and whether they have been fetched
  backups fetch [--to FOLDER]      copy those that have not been fetched here, and check every file's sum

  releases                         the releases of the stack's app that its server keeps
  rollback [RELEASE]               have the next \`up\` go back to a release (the one before): its image and its settings
  forward                          have it return to what the stack's other blocks say
  check                            what of the app on its server is not as the stack has it
  mend                             have the next \`up\` bring it to what the stack says

  leave                            take the app off its server, its data saved first, to have it on another one (docs/moving.md)
  restore FOLDER                   send a fetched backup to the app's server, and have the next \`up\` begin with it

  --stack STACK   the stack: for backups, one with a server block (default: the selected stack)
  --to FOLDER     default: backups/
  --yes           leave without being asked`;

/** Runs a command of the command line. @returns the exit status. */
async function main(argv: readonly string[]): Promise<number> {
    const { values, positionals } = parseArgs({
        args: [...argv],
        allowPositionals: true,
        options: {
            stack: { type: "string" },
            to: { type: "string", default: "backups" },
            yes: { type: "boolean", default: false },
        },
    });
    const { stack } = values;
    const [command, operand] = positionals;
    if (command === "rollback" && positionals.length <= 2) return await rollBack(stack, operand);
    if (command === "restore" && operand !== undefined && positionals.length === 2)
        return await restore(stack, operand);
    switch (positionals.join(" ")) {
        case "backups list":
            return await listBackups(await serverOfStack(stack));
        case "backups fetch":
            return await fetchBackups(await serverOfStack(stack), values.to);
        case "releases":
            return await listReleases(stack);
        case "leave":
            return await leave(stack, values.yes);
        case "forward":
            return await goForward(stack);
        case "check":
            return await check(stack);
        case "mend":
            return await mend(stack);
        default:
            console.error(usage);
            return positionals[0] === "help" ? 0 : 2;
    }
}

try {
    process.exitCode = await main(process.argv.slice(2));
} catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof TypeError && "code" in error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
}
