import type { Command } from "@commander-js/extra-typings";
import { type End, json, stack, yes } from "./commandOptions.ts";

/** Adds the command that tells of an app's launch, and those below it that say what became of one. */
export function addLaunchCommands(program: Command, end: End): void {
    const launch = program
        .command("launch")
        .description("whether it is launched, and what the recruiter has said; it is `up` that launches");
    launch
        .command("show", { isDefault: true })
        .description("whether it is launched, when, and what the recruiter has said")
        .addOption(json)
        .addOption(stack)
        .action(async ({ json, stack }) => end(await (await import("./launch.ts")).showLaunch(stack, json ?? false)));
    launch
        .command("accept")
        .description("of a launch whose outcome nobody knows: it is launched, and `up` goes on without launching it")
        .addOption(yes)
        .addOption(stack)
        .action(async ({ yes, stack }) =>
            end(await (await import("./launch.ts")).resolveLaunch(stack, "accept", yes ?? false)),
        );
    launch
        .command("forget")
        .description("of a launch whose outcome nobody knows: nobody was recruited, and the next `up` launches it")
        .addOption(yes)
        .addOption(stack)
        .action(async ({ yes, stack }) =>
            end(await (await import("./launch.ts")).resolveLaunch(stack, "forget", yes ?? false)),
        );
}
