import type { Process } from "./operations.ts";
import { operationsOfStack } from "./operationsOfStack.ts";
import { Refusal } from "./refusal.ts";
import { atTerminal } from "./terminal.ts";

/**
 * Runs a program in a process of a stack's app, with the standard streams of this command. @returns the program's own exit status, once it
 * has begun.
 */
export async function exec(stack: string | undefined, process: Process, argv: readonly string[]): Promise<number> {
    return await (await operationsOfStack(stack)).run(process, argv);
}

/**
 * Runs a shell in a process of a stack's app, at this terminal. @returns the shell's exit status.
 *
 * @throws {Refusal} when there is no terminal.
 */
export async function openShell(stack: string | undefined, process: Process): Promise<number> {
    if (!atTerminal())
        throw new Refusal(
            `a shell needs a terminal, and there is none: \`./ops/dallinger exec ${process} -- PROGRAM\` runs a program without one`,
        );
    return await (await operationsOfStack(stack)).shell(process);
}

/**
 * Runs psql in the database of a stack's app, as the app's own role: at this terminal, or else with statements from standard input. It
 * only reads, unless it is to `write`. @returns psql's exit status.
 */
export async function openPsql(stack: string | undefined, args: readonly string[], write: boolean): Promise<number> {
    return await (await operationsOfStack(stack)).psql(args, { terminal: atTerminal(), write });
}
