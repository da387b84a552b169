import { appNames } from "../components/targets/server/appNames.ts";
import { experimentOfStack } from "./experimentOfStack.ts";
import { privateKeyOfStack } from "./privateKeyOfStack.ts";
import { serverOfStack } from "./serverOfStack.ts";
import { ServerShell } from "./serverShell.ts";

/** The app that a stack runs, and a way to its server. */
export interface StackApp {
    readonly name: string;
    /** What the stack's `experiment.archive` says. */
    readonly archive: string | undefined;
    /** Stack that prepared the server; the app's own when it is not there. */
    readonly serverStack: string | undefined;
    readonly shell: ServerShell;
    /** Path of a script that the app has on the server. */
    script(name: string): string;
}

/**
 * The app of a stack.
 *
 * @throws {Refusal} when the stack runs none.
 */
export async function appOfStack(stack: string | undefined): Promise<StackApp> {
    const { name, on, archive } = await experimentOfStack(stack);
    const serverStack = on?.stack ?? stack;
    const shell = new ServerShell(await serverOfStack(serverStack), await privateKeyOfStack(stack));
    return { name, archive, serverStack, shell, script: (file) => `${appNames(name).folder}/bin/${file}` };
}
