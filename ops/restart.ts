import { APP_DEFAULTS } from "../components/configuration/experiment/appDefaults.ts";
import { EXIT } from "./exitStatus.ts";
import { experimentOfStack } from "./experimentOfStack.ts";
import type { Process } from "./operations.ts";
import { operationsOfStack } from "./operationsOfStack.ts";
import { ask, requireAnswerable } from "./question.ts";

/**
 * Says what restarts of a stack's app, asks, and restarts it: web, workers and clock when none is named. @returns the exit status.
 *
 * @throws {Refusal} when nobody agrees, or it did not come to its end.
 */
export async function restart(stack: string | undefined, processes: readonly Process[], yes: boolean): Promise<number> {
    requireAnswerable(yes);
    const { name, on, backup, releases } = await experimentOfStack(stack);
    console.error(`${name}: ${announce(processes, on === "local")}`);
    await ask("Restart?", yes);
    const done = await (await operationsOfStack(stack)).restart(processes, {
        workersTimeout: backup?.workersTimeout ?? APP_DEFAULTS.workersTimeout,
        healthyWithin: releases?.healthyWithin ?? APP_DEFAULTS.healthyWithin,
    });
    console.log(`restarted ${done}`);
    return EXIT.done;
}

/** What becomes of each process that restarts, and what is lost by it. */
export function announce(processes: readonly Process[], here: boolean): string {
    const named: readonly Process[] = processes.length > 0 ? processes : ["web", "worker", "clock"];
    const become: Readonly<Record<Process, string>> = {
        web: here
            ? "the web restarts, and requests at that moment fail"
            : "a new web takes over, no request is lost, and open websockets connect anew",
        worker: here ? "the workers restart" : "new workers take over, and those that run finish their job first",
        clock: "the clock restarts",
        redis: "Redis restarts with its data, and requests at that moment fail",
        pgbouncer: "pgbouncer restarts, and requests at that moment fail",
    };
    return [...new Set(named)].map((process) => become[process]).join("; ");
}
