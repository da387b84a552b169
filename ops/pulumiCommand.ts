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
    const selected = stack === undefined ? [] : ["--stack", stack];
    const command = [...args, ...selected];
    const result = await execa(join(project, "pulumi"), command, { cwd: project, input, reject: false });
    if (result.failed) throw new Refusal(result.stderr);
    return result.stdout;
}
