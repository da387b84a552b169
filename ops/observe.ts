import { once } from "node:events";
import { EXIT } from "./exitStatus.ts";
import type { LogRequest } from "./logs/logRequest.ts";
import type { ContainerUse } from "./operations.ts";
import { operationsOfStack } from "./operationsOfStack.ts";
import { printList } from "./table.ts";
import { withoutControls } from "./withoutControls.ts";

/** Prints what processes of a stack's app have logged, until nobody reads it any more. @returns the exit status. */
export async function showLogs(stack: string | undefined, request: LogRequest): Promise<number> {
    const operations = await operationsOfStack(stack);
    let isRead = true;
    process.stdout.on("error", () => {
        isRead = false;
    });
    for await (const line of operations.logs(request)) {
        if (!isRead) break;
        if (line !== "" && !process.stdout.write(`${withoutControls(line)}\n`)) await drained();
    }
    return EXIT.done;
}

/** Until standard output takes more, or nobody reads it. */
async function drained(): Promise<void> {
    const { stdout } = process;
    await Promise.race([once(stdout, "drain"), once(stdout, "close")]).catch(() => undefined);
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
