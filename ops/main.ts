import { parseArgs } from "node:util";
import { Refusal } from "./refusal.ts";

const usage = `usage: ./ops/dallinger COMMAND [--stack STACK]

  files                            what goes into the image of the stack's experiment: files, sizes, hash, name
  pin                              write down what the image is built on: digest of the base image, versions of packages

  backups list                     the backups on the stack's server, and whether they have been fetched
  backups fetch [--to FOLDER]      copy those that have not been fetched here, and check every file's sum

  releases                         the releases of the stack's app that its server keeps
  rollback [RELEASE]               have the next \`up\` go back to a release (the one before): its image and its settings
  forward                          have it return to what the stack's other blocks say
  resolve                          have the next \`up\` ask the registry again what the tag of image.reference means
  resolve services                 ask the registries what the tags of PostgreSQL, Redis, pgbouncer and Caddy mean by now
  record-image                     write the image that runs into the experiment's config.txt, as docker_image_name
  logs [PROCESS…] [--follow]       what the app's processes have logged: web, worker, clock, redis, pgbouncer
  stats                            what its containers use at the moment
  open [participant|dashboard|none] print where the app is and how one logs in, and open it: on this machine as a participant, else the dashboard
  check                            what on the server is not as the stack has it: of its app, and of a server that it prepares
  mend                             have the next \`up\` bring it to what the stack says

  leave                            take the app off its server, its data saved first, to have it on another one (docs/moving.md)
  restore FOLDER                   send a fetched backup to the app's server, and have the next \`up\` begin with it

  --stack STACK   the stack, of ./pulumi or else of your own pulumi: for backups, one with a server block (default: the selected stack)
  --to FOLDER     default: backups/
  --yes           leave without being asked
  --follow        go on with what is about to be logged`;

interface Options {
    readonly stack?: string | undefined;
    readonly to: string;
    readonly yes: boolean;
}

/** The commands that are complete by their names. Each is loaded when it is called: with what all of them need, a command took twice as long. */
const COMMANDS: ReadonlyMap<string, (options: Options) => Promise<number>> = new Map([
    ["files", async ({ stack }) => await (await import("./files.ts")).listFiles(stack)],
    ["pin", async ({ stack }) => await (await import("./pin.ts")).pin(stack)],
    ["resolve", async ({ stack }) => await (await import("./image.ts")).resolveImage(stack)],
    ["resolve services", async ({ stack }) => await (await import("./serviceImages.ts")).resolveServices(stack)],
    ["record-image", async ({ stack }) => await (await import("./image.ts")).recordImage(stack)],
    ["backups list", async ({ stack }) => await (await import("./backups.ts")).listBackups(stack)],
    ["backups fetch", async ({ stack, to }) => await (await import("./backups.ts")).fetchBackups(stack, to)],
    ["releases", async ({ stack }) => await (await import("./releases.ts")).listReleases(stack)],
    ["forward", async ({ stack }) => await (await import("./releases.ts")).goForward(stack)],
    ["stats", async ({ stack }) => await (await import("./observe.ts")).showStats(stack)],
    ["check", async ({ stack }) => await (await import("./check.ts")).check(stack)],
    ["mend", async ({ stack }) => await (await import("./check.ts")).mend(stack)],
    ["leave", async ({ stack, yes }) => await (await import("./leave.ts")).leave(stack, yes)],
]);

/** Runs a command of the command line. @returns the exit status. */
async function main(argv: readonly string[]): Promise<number> {
    const { values, positionals } = parseArgs({
        args: [...argv],
        allowPositionals: true,
        options: {
            stack: { type: "string" },
            to: { type: "string", default: "backups" },
            yes: { type: "boolean", default: false },
            follow: { type: "boolean", default: false },
        },
    });
    const { stack } = values;
    const [command, operand] = positionals;
    if (command === "rollback" && positionals.length <= 2)
        return await (await import("./releases.ts")).rollBack(stack, operand);
    if (command === "logs")
        return await (await import("./observe.ts")).showLogs(stack, positionals.slice(1), values.follow);
    if (command === "open" && positionals.length <= 2)
        return await (await import("./openApp.ts")).openApp(stack, operand);
    if (command === "restore" && operand !== undefined && positionals.length === 2)
        return await (await import("./restore.ts")).restore(stack, operand);
    const run = COMMANDS.get(positionals.join(" "));
    if (run !== undefined) return await run(values);
    console.error(usage);
    return command === "help" ? 0 : 2;
}

try {
    process.exitCode = await main(process.argv.slice(2));
} catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof TypeError && "code" in error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
}
