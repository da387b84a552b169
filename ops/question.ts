import { createInterface } from "node:readline/promises";
import { Refusal } from "./refusal.ts";
import { atTerminal } from "./terminal.ts";

/** Refuses what has to be asked and cannot: before anything is contacted. @throws {Refusal} */
export function requireAnswerable(yes: boolean): void {
    if (!yes && !atTerminal())
        throw new Refusal("this asks before it does anything, and here is nobody to ask: repeat it with --yes");
}

/** Asks at the terminal, unless it has been said already. @throws {Refusal} when the answer is not yes. */
export async function ask(question: string, yes: boolean): Promise<void> {
    if (yes) return;
    requireAnswerable(yes);
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
        // Whoever ends the input says no.
        const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
        const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
        if (!/^y(es)?$/i.test(answer.trim())) throw new Refusal("nothing was changed");
    } finally {
        lines.close();
    }
}
