import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import type { Operator } from "../../../support/operator.ts";
import { Orphans } from "./orphans.ts";

/** What came of a command, and all it printed. */
export interface Ended {
    readonly succeeded: boolean;
    readonly printed: string;
    /** What it had started, when it was killed: plugins, with their connections to the server. */
    readonly orphans: Orphans | undefined;
}

/** `./pulumi up` or `destroy` of a stack as a person runs it; killed with SIGKILL after so many milliseconds, if it still runs. */
export async function pulumi(
    operator: Operator,
    stack: string,
    operation: "up" | "destroy",
    killedAfter?: number,
): Promise<Ended> {
    const args = [operation, "--yes", "--skip-preview", "--non-interactive", "--stack", stack];
    const options = {
        cwd: operator.folder,
        env: { ...operator.stack(stack).environment },
        all: true,
        reject: false,
    } as const;
    // Killed, it has to be the engine itself: the wrapper's shell becomes it by exec.
    const process = execa(join(operator.folder, "pulumi"), args, { ...options, stdin: "ignore" });
    const ended = new AbortController();
    const killing =
        killedAfter === undefined
            ? undefined
            : setTimeout(killedAfter, undefined, { signal: ended.signal }).then(
                  () => Orphans.of(process),
                  () => undefined,
              );
    const { failed, all } = await process;
    ended.abort();
    return { succeeded: !failed, printed: all ?? "", orphans: await killing };
}
