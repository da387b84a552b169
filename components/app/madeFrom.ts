import { createHash } from "node:crypto";
import type { ComposeService } from "./appCompose.ts";
import { markMisread } from "./misreadTexts.ts";

/** Label of a container that tells what it is made from. */
export const MADE_FROM_LABEL = "dallinger.made-from";

/** A service as the server has to know it: what its containers are made from, and how many there are. */
export interface MadeFrom {
    readonly service: string;
    /** Hash of the definition and the environment. */
    readonly hash: string;
    readonly scale: number;
}

/**
 * What the containers of each service are made from: two releases with the same hash of a service share its containers.
 *
 * The environment's secrets are in the hash. It tells nothing of them, because random ones are always among them.
 */
export function madeFrom(
    services: Readonly<Record<string, Partial<ComposeService>>>,
    environments: Readonly<Record<string, Readonly<Record<string, string>>>>,
): MadeFrom[] {
    return Object.entries(services).map(([service, { scale, ...definition }]) => {
        const text = JSON.stringify([definition, environments[service] ?? {}], markMisread);
        const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
        return { service, hash, scale: typeof scale === "number" ? scale : 1 };
    });
}

/** Renders them as lines `service hash scale`, for the scripts on the server. */
export function renderMadeFrom(services: readonly MadeFrom[]): string {
    return services.map(({ service, hash, scale }) => `${service} ${hash} ${scale}\n`).join("");
}
