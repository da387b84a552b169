import tab from "@bomb.sh/tab/commander";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { Command as PlainCommand } from "commander";
import { addAttendedCommands } from "./attendedCommands.ts";
import { type End, json, stack } from "./commandOptions.ts";
import { EXIT } from "./exitStatus.ts";
import { ANONYMIZE } from "./export/anonymize.ts";
import { addLaunchCommands } from "./launchCommands.ts";
import { readRelease } from "./logs/release.ts";
import { readSince, type Since } from "./logs/since.ts";
import { OPENED_PARTS } from "./openedParts.ts";
import { PROCESSES } from "./operations.ts";
import { portNumber } from "./portNumber.ts";
import { addPruneCommand } from "./pruneCommand.ts";
import { Refusal } from "./refusal.ts";
import { addRestartCommand } from "./restartCommand.ts";

/** Name of the command that the package brings. */
const PACKAGE_COMMAND = "dallinger-pulumi";

const statuses = `Exit statuses: ${EXIT.done} done, ${EXIT.refused} it could not (standard error says why), ${EXIT.misused} the command line is wrong, ${EXIT.differs} what it looked at is not as it should be.
\`COMMAND --help\` tells more about a command, and \`complete --help\` how a shell completes them.`;

const serverStack = new Option("--stack <STACK>", "one with a server block; the selected one if none is named");

/**
 * Runs a command of the command line, whose messages call it by `name`. Its modules are loaded when it is called: with what all of them
 * need, a command took twice as long. Nothing is changed on a server by any of them, but where its
 * description says so.
 *
 * @returns the exit status, one of {@link EXIT}.
 */
export async function runCommandLine(name: string, argv: readonly string[]): Promise<number> {
    let status: number = EXIT.done;
    const program = commandLine(name, (ended) => {
        status = ended;
    });
    try {
        await program.parseAsync(argv, { from: "user" });
        return status;
    } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.misused;
        if (!(error instanceof Refusal)) throw error;
        console.error(error.message);
        return EXIT.refused;
    }
}

function commandLine(name: string, end: End): Command {
    const program = new Command(name)
        .description("What is no deployment: looking at experiments, going back to a release, their data.")
        .usage("COMMAND [options]")
        .addHelpText("after", `\n${statuses}`)
        .exitOverride();
    addImageCommands(program, end);
    addServerCommands(program, end);
    addPruneCommand(program, end);
    addAppCommands(program, end);
    addLaunchCommands(program, end);
    addRestartCommand(program, end);
    addAttendedCommands(program, end);
    addReleaseCommands(program, end);
    addDataCommands(program, end);
    const ownGroup = "This command line:";
    program.commandsGroup(ownGroup);
    program.addHelpCommand(new Command("help").description("what a command does").helpGroup(ownGroup));

    addCompletion(program);
    return program;
}

function addImageCommands(program: Command, end: End): void {
    program.commandsGroup("The experiment's image:");
    program
        .command("files")
        .description("what goes into it: files, sizes, hash, name")
        .addOption(stack)
        .action(async ({ stack }) => end(await (await import("./files.ts")).listFiles(stack)));
    program
        .command("pin")
        .description("write down what it is built on: digest of the base image, versions of packages")
        .addOption(stack)
        .action(async ({ stack }) => end(await (await import("./pin.ts")).pin(stack)));
    program
        .command("resolve")
        .description(
            "have the next `up` ask the registry again what the tag of image.reference means, or those of the server's services",
        )
        .addArgument(new Argument("[services]", "PostgreSQL, Redis, pgbouncer and Caddy").choices(["services"]))
        .addOption(stack)
        .action(async (services, { stack }) => {
            if (services === undefined) end(await (await import("./image.ts")).resolveImage(stack));
            else end(await (await import("./serviceImages.ts")).resolveServices(stack));
        });
    program
        .command("record-image")
        .description("write the image that runs into the experiment's config.txt, as docker_image_name")
        .addOption(stack)
        .action(async ({ stack }) => end(await (await import("./image.ts")).recordImage(stack)));
}

function addServerCommands(program: Command, end: End): void {
    program.commandsGroup("What runs where:");
    program
        .command("servers")
        .description("those of all stacks: whether they answer, load, room, apps")
        .addOption(json)
        .action(async ({ json }) => end(await (await import("./servers.ts")).listServers(json ?? false)));
    program
        .command("apps")
        .description(
            "those on the stack's server, or on this machine where it runs there, of other stacks too: state, release, use",
        )
        .addOption(json)
        .addOption(stack)
        .action(async ({ json, stack }) => end(await (await import("./apps.ts")).listApps(stack, json ?? false)));
    program
        .command("hostkey")
        .description("the keys that a host shows, to compare, and how one gets into a stack; no stack is needed")
        .argument("<HOST>", "its name or address")
        .addOption(new Option("--port <PORT>", "of its ssh server").default(22).argParser(portNumber))
        .addOption(json)
        .action(async (host, { port, json }) =>
            end(await (await import("./hostKey.ts")).showHostKey(host, port, json ?? false)),
        );
}

function addAppCommands(program: Command, end: End): void {
    program.commandsGroup("The app that runs:");
    program
        .command("status")
        .description(
            "how it is in one glance: containers, launch, participants, certificates, room, backups, what differs",
        )
        .option("--json", "for programs: an object")
        .addOption(stack)
        .action(async ({ json, stack }) => end(await (await import("./status.ts")).showStatus(stack, json ?? false)));
    program
        .command("open")
        .description("print where it is and how one logs in, and open it in a browser")
        .addArgument(
            new Argument("[part]", "by default a participant's first page on this machine, else the dashboard").choices(
                OPENED_PARTS,
            ),
        )
        .addOption(stack)
        .action(async (part, { stack }) => end(await (await import("./openApp.ts")).openApp(stack, part)));
    program
        .command("logs")
        .description("what its processes have logged")
        .addArgument(new Argument("[process...]", "all of them if none is named").choices(PROCESSES))
        .option("-f, --follow", "go on with what is about to be logged")
        .addOption(new Option("--since <TIME>", "nothing older: 10m, 2h, 3d, or a UTC time").argParser(sinceArgument))
        .option("--grep <TEXT>", "only lines in which this stands, to the letter")
        .addOption(
            new Option("--release <RELEASE>", "of a release that has served before, or of all").argParser(
                releaseArgument,
            ),
        )
        .addOption(stack)
        .action(async (processes, { follow = false, since, grep: text, release, stack }) => {
            const { showLogs } = await import("./observe.ts");
            end(await showLogs(stack, { processes, follow, since, text, release }));
        });
    program
        .command("stats")
        .description("what its containers use at the moment; at a terminal it goes on until q or Ctrl-C")
        .option("--once", "tell it once")
        .addOption(json)
        .addOption(stack)
        .action(async ({ json = false, once = false, stack }) =>
            end(await (await import("./observe.ts")).showStats(stack, { json, once })),
        );
    program
        .command("check")
        .description("what on the server is not as the stack has it: of its app, and of a server that it prepares")
        .addOption(stack)
        .action(async ({ stack }) => end(await (await import("./check.ts")).check(stack)));
    program
        .command("mend")
        .description("have the next `up` bring it to what the stack says")
        .addOption(stack)
        .action(async ({ stack }) => end(await (await import("./check.ts")).mend(stack)));
}

function addReleaseCommands(program: Command, end: End): void {
    program.commandsGroup("Releases:");
    program
        .command("releases")
        .description("those of the app that its server keeps, the latest first")
        .addOption(json)
        .addOption(stack)
        .action(async ({ json, stack }) =>
            end(await (await import("./releases.ts")).listReleases(stack, json ?? false)),
        );
    program
        .command("timings")
        .description("what its last deployment has taken its time for on the server, in seconds")
        .addOption(json)
        .addOption(stack)
        .action(async ({ json, stack }) => end(await (await import("./timings.ts")).listTimings(stack, json ?? false)));
    program
        .command("rollback")
        .description("have the next `up` go back to a release: its image and its settings")
        .argument("[RELEASE]", "the one before if none is named")
        .addOption(stack)
        .action(async (release, { stack }) => end(await (await import("./releases.ts")).rollBack(stack, release)));
    program
        .command("forward")
        .description("have the next `up` return to what the stack's other blocks say")
        .addOption(stack)
        .action(async ({ stack }) => end(await (await import("./releases.ts")).goForward(stack)));
}

function addDataCommands(program: Command, end: End): void {
    program.commandsGroup("Data, and moving to another server:");
    program
        .command("export")
        .description("the app's data, while it runs, in the layout of Dallinger's own export; nobody stops for it")
        .addOption(
            new Option("--anonymize <WHETHER>", "leave out who has taken part; both makes one with and one without")
                .choices(ANONYMIZE)
                .default("yes" as const),
        )
        .option("--to <FOLDER>", "where to; it gets a folder of its own there, APP/TIME", "exports")
        .option("--files", "with the files that the experiment has saved")
        .option("--logs", "with what the app's processes have logged, without its secrets")
        .addOption(new Option("--json", "for programs: an object"))
        .addOption(stack)
        .action(async ({ anonymize, to, files = false, logs = false, json = false, stack }) => {
            const options = { anonymize, to, files, logs, json };
            end(await (await import("./export/exportApp.ts")).exportApp(stack, options));
        });
    const backups = program.command("backups").description("what was saved on the server");
    backups
        .command("list")
        .description("the backups there: how they came to be, how large they are, where else they are")
        .option("--repository", "those of the stack's app in its repository instead, where they are off the server")
        .addOption(json)
        .addOption(serverStack)
        .action(async ({ repository, json, stack }) => {
            if (repository) end(await (await import("./snapshots.ts")).listSnapshots(stack, json ?? false));
            else end(await (await import("./backups.ts")).listBackups(stack, json ?? false));
        });
    backups
        .command("make")
        .description("save the app now, while it works on")
        .addOption(stack)
        .action(async ({ stack }) => end(await (await import("./backups.ts")).makeBackup(stack)));
    backups
        .command("fetch")
        .description("copy those that have not been fetched here, and check every file's sum")
        .option("--to <FOLDER>", "where to", "backups")
        .addOption(serverStack)
        .action(async ({ to, stack }) => end(await (await import("./backups.ts")).fetchBackups(stack, to)));
    program
        .command("leave")
        .description("take the app off its server, its data saved first, to have it on another one (docs/moving.md)")
        .option("--yes", "without being asked")
        .addOption(stack)
        .action(async ({ yes, stack }) => end(await (await import("./leave.ts")).leave(stack, yes ?? false)));
    program
        .command("restore")
        .description("send a fetched backup, or an export, to the app's server, and have the next `up` begin with it")
        .argument("<FOLDER>", "the backup's, below backups/, or the export's")
        .addOption(stack)
        .action(async (folder, { stack }) => end(await (await import("./restore.ts")).restore(stack, folder)));
}

function sinceArgument(text: string): Since {
    const since = readSince(text, new Date());
    if (since !== undefined) return since;
    throw new InvalidArgumentError(
        "It has to be how long ago, as 10m, 2h or 3d, or a UTC time that has been, as 2026-01-31T09:00.",
    );
}

function releaseArgument(text: string): string {
    const release = readRelease(text);
    if (release !== undefined) return release;
    throw new InvalidArgumentError("It has to be `all`, or a release as `releases` lists them.");
}

/** A command line that a shell can complete has a command for it. */
function addCompletion(program: object): void {
    // The package with our types and the one without say different things of one class.
    if (program instanceof PlainCommand) tab(program);
}

/** By which of its names the command line was called: the package's, or the file's in a checkout. */
export function calledAs(file: string): string {
    return file.endsWith(`/${PACKAGE_COMMAND}`) || file === PACKAGE_COMMAND ? PACKAGE_COMMAND : "./ops/dallinger";
}
