import { setTimeout } from "node:timers/promises";

/** Waits until something is so. @throws {Error} after these seconds. */
export async function within(seconds: number, condition: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        const holds = await condition().catch((error: unknown) => {
            if (Date.now() > end) throw error;
            return false;
        });
        if (holds) return;
        if (Date.now() > end) throw new Error(`it does not come to be within ${seconds} s: ${condition}`);
        await setTimeout(100);
    }
}
