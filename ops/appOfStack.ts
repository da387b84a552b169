import { type AppVerb, appDoor } from "../components/targets/server/doors.ts";
import { enterDoor } from "./enterDoor.ts";
import { experimentOfStack } from "./experimentOfStack.ts";
import type { Operations } from "./operations.ts";
import { Refusal } from "./refusal.ts";
import { ServerOperations } from "./serverOperations.ts";
import type { ServerShell } from "./serverShell.ts";
import { shellOfStack } from "./shellOfStack.ts";

/** The app that a stack runs, and a way to its server. */
export interface StackApp {
    readonly name: string;
    /** What the stack's `experiment.archive` says. */
    readonly archive: string | undefined;
    /** Stack that prepared the server; the app's own when it is not there. */
    readonly serverStack: string | undefined;
    readonly shell: ServerShell;
    readonly operations: Operations;
    /** What a verb of the app's prints on the server. */
    ask(verb: AppVerb, ...words: string[]): Promise<string>;
}

/**
 * The app of a stack.
 *
 * @throws {Refusal} when the stack runs none, or runs it on this machine.
 */
export async function appOfStack(stack: string | undefined): Promise<StackApp> {
    const { name, on, archive } = await experimentOfStack(stack);
    if (on === "local")
        throw new Refusal("the stack's app runs on this machine: this command is about apps on servers");
    const serverStack = on?.stack ?? stack;
    const shell = await shellOfStack(serverStack, stack);
    const ask = (verb: AppVerb, ...words: string[]) => shell.output(enterDoor(appDoor(name), verb, ...words));
    return { name, archive, serverStack, shell, operations: new ServerOperations(shell, name), ask };
}
