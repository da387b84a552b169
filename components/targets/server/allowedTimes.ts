import type * as pulumi from "@pulumi/pulumi";
import { APP_DEFAULTS } from "../../configuration/experiment/appDefaults.ts";

/** How long an app's commands may take, as Pulumi's `customTimeouts` say it. */
export type AllowedTimes = Readonly<Record<"create" | "update" | "delete", string>>;

/** Settings of an app that its commands wait for; each may be known only later. */
export interface Waits {
    readonly workersTimeout?: pulumi.Input<number> | undefined;
    readonly healthyWithin?: pulumi.Input<number> | undefined;
    readonly quietWithin?: pulumi.Input<number> | undefined;
}

const hour = 3600;

/**
 * The times of every command of an app: never shorter than what its scripts are allowed, or the plugin would end one in the middle.
 *
 * A release waits for locks, pulls and initialises (three hours), for room on the server, for health (of what is new, after it has
 * settled, and of the clock) and for the previous workers. A removal waits for the workers, too, and then saves everything (four hours).
 * What is not known yet counts as the most that the configuration allows: a day, and an hour.
 */
export function allowedTimes(waits: Waits): AllowedTimes {
    const { workersTimeout = APP_DEFAULTS.workersTimeout, healthyWithin = APP_DEFAULTS.healthyWithin } = waits;
    const { quietWithin = APP_DEFAULTS.quietWithin } = waits;
    const workers = typeof workersTimeout === "number" ? workersTimeout : 24 * hour;
    const healthy = typeof healthyWithin === "number" ? healthyWithin : hour;
    const quiet = typeof quietWithin === "number" ? quietWithin : hour;
    const release = `${3 * hour + quiet + 3 * healthy + workers}s`;
    return { create: release, update: release, delete: `${4 * hour + workers}s` };
}
