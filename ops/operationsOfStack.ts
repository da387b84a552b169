import { appOfStack } from "./appOfStack.ts";
import { experimentOfStack } from "./experimentOfStack.ts";
import { LocalOperations } from "./localOperations.ts";
import type { Operations } from "./operations.ts";
import { pulumi } from "./pulumiCommand.ts";

/**
 * What can be asked of the app that a stack runs, on its server or on this machine.
 *
 * @throws {Refusal} when the stack runs none.
 */
export async function operationsOfStack(stack: string | undefined): Promise<Operations> {
    const { on } = await experimentOfStack(stack);
    if (on !== "local") return (await appOfStack(stack)).operations;
    return new LocalOperations((await pulumi(stack, ["stack", "output", "composeFile"])).trim());
}
