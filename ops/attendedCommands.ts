import { Argument, type Command } from "@commander-js/extra-typings";
import { type End, stack } from "./commandOptions.ts";
import { PROCESSES } from "./operations.ts";

/** Adds the commands that run something in an app, with the streams or at the terminal of who calls them. */
export function addAttendedCommands(program: Command, end: End): void {
    program.commandsGroup("Inside the app:");
    program
        .command("exec")
        .description("run a program in a process of it, with this command's input and output: exec web -- PROGRAM ARG…")
        .addArgument(new Argument("<process>", "where").choices(PROCESSES))
        .argument("<PROGRAM...>", "it, and its arguments, behind --; its exit status is the command's")
        .addOption(stack)
        .action(async (process, argv, { stack }) =>
            end(await (await import("./attended.ts")).exec(stack, process, argv)),
        );
    program
        .command("shell")
        .description("open a shell in a process of it, at a terminal")
        .addArgument(new Argument("[process]", "where").choices(PROCESSES).default("web" as const))
        .addOption(stack)
        .action(async (process, { stack }) => end(await (await import("./attended.ts")).openShell(stack, process)));
    program
        .command("psql")
        .description(
            "open its database, as the role that it has there; without a terminal, run what standard input says",
        )
        .argument("[ARG...]", "for psql, behind --")
        .option("--write", "not only to read")
        .addOption(stack)
        .action(async (args, { write, stack }) =>
            end(await (await import("./attended.ts")).openPsql(stack, args, write ?? false)),
        );
}
