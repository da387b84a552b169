import { type Command, Option } from "@commander-js/extra-typings";
import { type End, stack, yes } from "./commandOptions.ts";

/** Adds the command that removes what deployments have left behind. */
export function addPruneCommand(program: Command, end: End): void {
    program
        .command("prune")
        .description(
            "what nobody needs any more on the stack's server, or of images on this machine: it shows that, asks, and removes it",
        )
        .addOption(yes)
        .addOption(new Option("--json", "for programs: an object; without --yes nothing is removed"))
        .addOption(stack)
        .action(async ({ yes, json, stack }) =>
            end(await (await import("./prune.ts")).prune(stack, { yes: yes ?? false, json: json ?? false })),
        );
}
