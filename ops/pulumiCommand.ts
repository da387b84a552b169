import { join } from "node:path";
import { execa } from "execa";
import { Refusal } from "./refusal.ts";

const project = join(import.meta.dirname, "..");

/**
 * Standard output of a `./pulumi` command about a stack; `input` goes to its standard input.
 *
 * @throws {Refusal} with what it says when it fails.
 */
export async function pulumi(stack: string | undefined, args: readonly string[], input = ""): Promise<string> {
    const command = [...args, ...selected(stack)];
    const result = await execa(join(project, "pulumi"), command, { cwd: project, input, reject: false });
    if (result.failed) throw new Refusal(result.stderr);
    return result.stdout;
}

/** Runs a `./pulumi` command that a person attends to: it asks and shows what it does. How it ended is for the state to say. */
export async function attend(stack: string | undefined, args: readonly string[]): Promise<void> {
    // Interrupted, it is Pulumi that ends when it can.
    const wait = () => undefined;
    process.on("SIGINT", wait);
    try {
        const command = [...args, ...selected(stack)];
        await execa(join(project, "pulumi"), command, { cwd: project, stdio: "inherit", reject: false });
    } finally {
        process.off("SIGINT", wait);
    }
}

function selected(stack: string | undefined): string[] {
    return stack === undefined ? [] : ["--stack", stack];
}
