import type { z } from "zod";
import { configurationPath, removeCommand, setCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import { property } from "../checking/rawValue.ts";
import { APP_DEFAULTS } from "./appDefaults.ts";
import type { experimentShape } from "./experimentShape.ts";

/** How many scheduled backups stay: the last ones, and the last one of each of so many days, weeks and months that have one. */
export interface KeptBackups {
    readonly last: number;
    readonly daily: number;
    readonly weekly: number;
    readonly monthly: number;
}

/** When an app is saved while it works, and what stays of that. */
export interface ScheduledBackups {
    /** A calendar expression of systemd, or one of its short forms (systemd.time(7)). */
    readonly schedule: string;
    readonly keep: KeptBackups;
}

type BackupBlock = z.infer<typeof experimentShape>["backup"];

/** Reads what of the block is about the schedule; nothing where there is none. */
export function readScheduled(backup: BackupBlock): { scheduled?: ScheduledBackups } {
    if (backup?.schedule === undefined) return {};
    return { scheduled: { schedule: backup.schedule, keep: readKept(backup.keep) } };
}

/** A number is one of the last ones, and of a map each key that is left out is 0. */
function readKept(keep: NonNullable<BackupBlock>["keep"]): KeptBackups {
    if (keep === undefined) return APP_DEFAULTS.keptBackups;
    const none = { last: 0, daily: 0, weekly: 0, monthly: 0 };
    if (typeof keep === "number") return { ...none, last: keep };
    const { last = 0, daily = 0, weekly = 0, monthly = 0 } = keep;
    return { last, daily, weekly, monthly };
}

/** What stays is said of scheduled backups alone. */
export function checkKept(experiment: unknown): Problem[] {
    const backup = property(experiment, "backup");
    if (property(backup, "keep") === undefined || property(backup, "schedule") !== undefined) return [];
    const [keep, schedule] = (["keep", "schedule"] as const).map((key) =>
        configurationPath("experiment", "backup", key),
    );
    if (keep === undefined || schedule === undefined) return [];
    return [
        {
            path: keep,
            message: "is used only with experiment.backup.schedule: other backups stay until somebody removes them",
            fix: `${setCommand(schedule, "daily")}   (or ${removeCommand(keep)})`,
        },
    ];
}
