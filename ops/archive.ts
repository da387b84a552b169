import { pulumi } from "./pulumiCommand.ts";

const path = "dallinger:experiment.archive";

/** The command that takes the key out of the stack's configuration. */
export const forgetArchive = `./pulumi config rm --path '${path}'`;

/** Says in the stack's configuration which backup the app begins with; none takes the key out. */
export async function setArchive(stack: string | undefined, name: string | undefined): Promise<void> {
    if (name === undefined) await pulumi(stack, ["config", "rm", "--path", path]);
    else await pulumi(stack, ["config", "set", "--path", path, "--type", "string", name]);
}
