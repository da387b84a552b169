import { parseArgs } from "node:util";
import { fetchBackups, listBackups } from "./backups.ts";
import { Refusal } from "./refusal.ts";
import { serverOfStack } from "./serverOfStack.ts";

const usage = `usage: ./ops/dallinger COMMAND [--stack STACK]

  backups list                     the backups on the stack's server, and whether they have been fetched
  backups fetch [--to FOLDER]      copy those that have not been fetched here, and check every file's sum

  --stack STACK   a stack with a server block (default: the selected stack)
  --to FOLDER     default: backups/`;

/** Runs a command of the command line. @returns the exit status. */
async function main(argv: readonly string[]): Promise<number> {
    const { values, positionals } = parseArgs({
        args: [...argv],
        allowPositionals: true,
        options: { stack: { type: "string" }, to: { type: "string", default: "backups" } },
    });
    switch (positionals.join(" ")) {
        case "backups list":
            return await listBackups(await serverOfStack(values.stack));
        case "backups fetch":
            return await fetchBackups(await serverOfStack(values.stack), values.to);
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
