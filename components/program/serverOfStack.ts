import * as pulumi from "@pulumi/pulumi";
import { explain } from "../configuration/checking/problems.ts";
import { checkServerOutput, type ServerOutput } from "../configuration/server/serverOutput.ts";
import { forReader } from "../local/readersCommands.ts";

/**
 * The `server` output of another stack: `stack`, `project/stack` or `organisation/project/stack`.
 *
 * @throws {pulumi.RunError} when there is none that this program can read.
 */
export async function serverOfStack(stack: string): Promise<ServerOutput> {
    const reference = new pulumi.StackReference("server-stack", { name: qualified(stack) });
    const { value, secretValue } = await reference.getOutputDetails("server");
    const checked = checkServerOutput(value ?? secretValue, stack);
    if (checked.server !== undefined) return checked.server;
    throw new pulumi.RunError(forReader(explain("the server cannot be read from its stack:", checked.problems)));
}

/** Stack references are written in full; what is left out is this stack's own. */
function qualified(stack: string): string {
    const parts = stack.split("/");
    const own = [pulumi.getOrganization(), pulumi.getProject()];
    return [...own.slice(0, 3 - parts.length), ...parts].join("/");
}
