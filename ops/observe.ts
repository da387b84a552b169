import { EXIT } from "./exitStatus.ts";
import type { ContainerUse, Process } from "./operations.ts";
import { operationsOfStack } from "./operationsOfStack.ts";
import { printList } from "./table.ts";
import { withoutControls } from "./withoutControls.ts";

/** Prints what processes of a stack's app have logged, of all of them when none is named. @returns the exit status. */
export async function showLogs(
    stack: string | undefined,
    processes: readonly Process[],
    follow: boolean,
): Promise<number> {
    const operations = await operationsOfStack(stack);
    for await (const line of operations.logs(processes, { follow })) console.log(withoutControls(line));
    return EXIT.done;
}

/** Prints what the containers of a stack's app use at the moment. @returns the exit status. */
export async function showStats(stack: string | undefined, json: boolean): Promise<number> {
    const operations = await operationsOfStack(stack);
    const columns = {
        CONTAINER: ({ name }: ContainerUse) => name,
        "OF A PROCESSOR": ({ processor }: ContainerUse) => processor,
        MEMORY: ({ memory }: ContainerUse) => memory,
    };
    printList(await operations.stats(), columns, json);
    return EXIT.done;
}
