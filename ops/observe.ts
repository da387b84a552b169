import { once } from "node:events";
import { EXIT } from "./exitStatus.ts";
import type { ContainerUse, LogRequest } from "./operations.ts";
import { operationsOfStack } from "./operationsOfStack.ts";
import { LiveTerminal } from "./stats/liveTerminal.ts";
import { type Columns, printList, renderTable } from "./table.ts";
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

/** How somebody wants to see what containers use. */
export interface StatsWish {
    readonly json: boolean;
    /** Whether to tell it once, where else a terminal would go on showing it. */
    readonly once: boolean;
}

/** Shows what the containers of a stack's app use, at a terminal until somebody has seen enough. @returns the exit status. */
export async function showStats(stack: string | undefined, { json, once }: StatsWish): Promise<number> {
    const operations = await operationsOfStack(stack);
    if (json || once || !process.stdout.isTTY || !process.stdin.isTTY) {
        const found = await operations.stats();
        printList(found, columnsOf(found), json);
        return EXIT.done;
    }
    const enough = new AbortController();
    const terminal = new LiveTerminal(process.stdin, process.stdout, () => enough.abort());
    await terminal.show(
        operations.watch(enough.signal),
        (found) => renderTable(found, columnsOf(found)),
        enough.signal,
    );
    return EXIT.done;
}

/** Nothing is told of requests where none are counted. */
function columnsOf(found: readonly ContainerUse[]): Columns<ContainerUse> {
    return {
        CONTAINER: ({ name }) => name,
        "OF A PROCESSOR": ({ processor }) => processor,
        MEMORY: ({ memory }) => memory,
        ...(found.some(({ requests }) => requests !== undefined) && {
            "REQUESTS/S": ({ requests }: ContainerUse) => (requests === undefined ? "" : requests.toFixed(1)),
        }),
        "NETWORK IN / OUT": ({ network }) => network ?? "",
    };
}
