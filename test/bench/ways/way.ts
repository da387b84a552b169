import { setTimeout } from "node:timers/promises";
import type { Site } from "../../support/site.ts";
import type { TestServer } from "../../support/testLab.ts";
import type { Actor, Operation } from "../results/measurements.ts";

/** Operations that leave another app behind. */
export type Change = Exclude<Operation, "no-op">;

/** A way to have an app on a server. */
export interface Way {
    readonly actor: Actor;
    readonly server: TestServer;
    /** The app's address. */
    readonly site: Site;
    /** Gets an operation ready, and gives what is to be measured. */
    ready(change: Change): Promise<() => Promise<void>>;
    /** Fails unless the app on the server is as the last operation should have left it. */
    verify(): Promise<void>;
}

/** An operation that is not measured. */
export async function does(way: Way, change: Change): Promise<void> {
    const run = await way.ready(change);
    await run();
    await way.verify();
}

/** Waits until a site answers. */
export async function answers(site: Site): Promise<void> {
    for (let tries = 0; ; tries++) {
        const status = await site.get("/robots.txt").then(
            (answer) => answer.status,
            (error: unknown) => String(error),
        );
        if (status === 200) return;
        if (tries > 300) throw new Error(`${site.hostname} does not answer: ${status}`);
        await setTimeout(100);
    }
}
