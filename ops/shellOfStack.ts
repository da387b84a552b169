import { privateKeyOfStack } from "./privateKeyOfStack.ts";
import { serverOfStack } from "./serverOfStack.ts";
import { ServerShell } from "./serverShell.ts";

/**
 * The way to the server that a stack has prepared; `loggingIn` is the stack whose key opens it, the same by default.
 *
 * @throws {Refusal} when the stack has none.
 */
export async function shellOfStack(stack: string | undefined, loggingIn = stack): Promise<ServerShell> {
    return new ServerShell(await serverOfStack(stack), await privateKeyOfStack(loggingIn));
}
