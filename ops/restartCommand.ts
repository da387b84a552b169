import { Argument, type Command } from "@commander-js/extra-typings";
import { type End, stack, yes } from "./commandOptions.ts";
import { PROCESSES } from "./operations.ts";

/** Adds the command that restarts processes of an app. */
export function addRestartCommand(program: Command, end: End): void {
    program
        .command("restart")
        .description("restart processes of it, without losing a request where that is possible; it says what and asks")
        .addArgument(new Argument("[process...]", "web, workers and clock if none is named").choices(PROCESSES))
        .addOption(yes)
        .addOption(stack)
        .action(async (processes, { yes, stack }) =>
            end(await (await import("./restart.ts")).restart(stack, processes, yes ?? false)),
        );
}
