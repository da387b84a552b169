import { relative, sep } from "node:path";
import { local } from "@pulumi/command";

/**
 * What the `local.Command` of every program of ours has in common, by the path of the program's file: it runs on the machine of who
 * deploys, its standard output is for the resource, and what people watch is on its standard error. A `word` says which part of
 * its work is meant, where it has several.
 */
export function programCommand(
    file: string,
    word?: string,
): Pick<local.CommandArgs, "create" | "logging" | "addPreviousOutputInEnv"> {
    return {
        create: programLine(file, word),
        logging: local.Logging.Stderr,
        // The log of the run before, in an environment variable, could be too much for the kernel.
        addPreviousOutputInEnv: false,
    };
}

/** The command line of such a program. */
export function programLine(file: string, word?: string): string {
    // Commands run in the project's folder. Relative to that the path is the same in everybody's checkout.
    const path = relative(process.cwd(), file).split(sep).join("/");
    return word === undefined ? `node ${path}` : `node ${path} ${word}`;
}
