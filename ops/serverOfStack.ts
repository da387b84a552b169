import { join } from "node:path";
import { execa } from "execa";
import { checkServerOutput, type ServerOutput } from "../components/configuration/serverOutput.ts";
import { explain } from "../components/problems.ts";
import { Refusal } from "./refusal.ts";

/**
 * The `server` output of a stack of this project.
 *
 * @throws {Refusal} when the stack has none.
 */
export async function serverOfStack(stack: string | undefined): Promise<ServerOutput> {
    const selected = stack === undefined ? [] : ["--stack", stack];
    const cwd = join(import.meta.dirname, "..");
    const result = await execa(join(cwd, "pulumi"), ["stack", "output", "server", "--json", ...selected], {
        cwd,
        reject: false,
    });
    if (result.failed) throw new Refusal(`${result.stderr}\nname a stack that has a server with --stack STACK`);
    const checked = checkServerOutput(JSON.parse(result.stdout), stack ?? "the selected one");
    if (checked.server !== undefined) return checked.server;
    throw new Refusal(explain("the stack's server cannot be read:", checked.problems));
}
