import { setTimeout } from "node:timers/promises";

/** Asks until something holds, for some minutes at most. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (let tries = 0; !(await holds()); tries++) {
        if (tries > 1200) throw new Error(`waited in vain for ${what}`);
        await setTimeout(100);
    }
}
