import { explain } from "../components/configuration/checking/problems.ts";
import { checkServerOutput, type ServerOutput } from "../components/configuration/server/serverOutput.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";

/**
 * The `server` output of a stack of this project.
 *
 * @throws {Refusal} when the stack has none.
 */
export async function serverOfStack(stack: string | undefined): Promise<ServerOutput> {
    const output = await pulumi(stack, ["stack", "output", "server", "--json"]).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        throw new Refusal(`${error.message}\nname a stack that has a server with --stack STACK`);
    });
    const checked = checkServerOutput(JSON.parse(output), stack ?? "the selected one");
    if (checked.server !== undefined) return checked.server;
    throw new Refusal(explain("the stack's server cannot be read:", checked.problems));
}
