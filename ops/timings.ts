import { z } from "zod";
import { appOfStack } from "./appOfStack.ts";
import { EXIT } from "./exitStatus.ts";
import { Refusal } from "./refusal.ts";
import { type Columns, printList } from "./table.ts";

/** A step of the last deployment: what it has waited for, and for how long. */
export interface DeploymentStep {
    /** The command of the deployment that it belongs to, as the stack's resource `experiment-COMMAND` is called. */
    readonly command: string;
    /** When that has ended, in UTC. */
    readonly ended: string;
    /** What was said of it. */
    readonly step: string;
    /** How long it took. */
    readonly seconds: number;
}

/** Prints what the app's last deployment has taken its time for on the server, in order. @returns the exit status. */
export async function listTimings(stack: string | undefined, json: boolean): Promise<number> {
    const { ask } = await appOfStack(stack);
    const steps = readTimings((await ask("timings")).split("\n"));
    if (steps.length === 0)
        throw new Refusal("nothing is known of that yet: the next `./pulumi up` that has something to do tells it");
    printList(steps, columns, json);
    return EXIT.done;
}

const columns: Columns<DeploymentStep> = {
    COMMAND: ({ command }) => command,
    SECONDS: ({ seconds }) => seconds.toFixed(2),
    STEP: ({ step }) => step,
    ENDED: ({ ended }) => ended,
};

const hundredths = z.stringFormat("hundredths", /^\d+$/).transform((text) => Number(text) / 100);

/** Reads the lines of the app's verb `timings` (templates/app/verbs/timings.sh). */
export function readTimings(lines: readonly string[]): DeploymentStep[] {
    let of = { command: "", ended: "" };
    return lines.flatMap((line) => {
        const [kind, first = "", ...rest] = line.split(" ");
        if (kind === "ended") of = { command: first, ended: rest.join(" ") };
        return kind === "step" ? [{ ...of, step: rest.join(" "), seconds: hundredths.parse(first) }] : [];
    });
}
