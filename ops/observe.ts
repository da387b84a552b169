import { stripVTControlCharacters } from "node:util";
import { PROCESSES, type Process } from "./operations.ts";
import { operationsOfStack } from "./operationsOfStack.ts";
import { Refusal } from "./refusal.ts";

/** Prints what processes of a stack's app have logged, of all of them when none is named. @returns the exit status. */
export async function showLogs(stack: string | undefined, names: readonly string[], follow: boolean): Promise<number> {
    const processes = names.map(checked);
    const operations = await operationsOfStack(stack);
    for await (const line of operations.logs(processes, { follow })) console.log(withoutControls(line));
    return 0;
}

/** Prints what the containers of a stack's app use at the moment, a line each. @returns the exit status. */
export async function showStats(stack: string | undefined): Promise<number> {
    const operations = await operationsOfStack(stack);
    for (const { name, processor, memory } of await operations.stats())
        console.log(`${name}  ${processor} of a processor  ${memory}`);
    return 0;
}

/** What an experiment logs, participants may have sent: the terminal of who reads it takes no commands from that. */
export function withoutControls(line: string): string {
    return stripVTControlCharacters(line).replaceAll(/(?!\t)\p{Cc}/gu, "\u{FFFD}");
}

function checked(name: string): Process {
    const found = PROCESSES.find((process) => process === name);
    if (found !== undefined) return found;
    throw new Refusal(`an app has no process ${name}: there are ${PROCESSES.join(", ")}`);
}
