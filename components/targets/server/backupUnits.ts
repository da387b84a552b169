import type { KeptBackups } from "../../configuration/experiment/scheduledBackups.ts";
import { appNames } from "./appNames.ts";
import { appDoor } from "./doors.ts";

/** The units by which systemd saves an app, by their files' names. */
export function backupUnits(app: string, schedule: string): Readonly<Record<string, string>> {
    const unit = `${appNames(app).project}-backup`;
    return { [`${unit}.service`]: renderService(app), [`${unit}.timer`]: renderTimer(app, schedule) };
}

/** Participants come first. */
function renderService(app: string): string {
    return `[Unit]
Description=Backup of the experiment ${app}
Wants=docker.service
After=docker.service

[Service]
Type=oneshot
ExecStart=${appDoor(app)} backup scheduled
Nice=10
IOSchedulingClass=idle
`;
}

/** One that the server has slept through is made up for. */
function renderTimer(app: string, schedule: string): string {
    return `[Unit]
Description=Backups of the experiment ${app}

[Timer]
OnCalendar=${schedule}
Persistent=true
RandomizedDelaySec=${DELAYS.get(schedule) ?? "1min"}

[Install]
WantedBy=timers.target
`;
}

/** So that the apps of a server, and the servers of a laboratory, do not all begin at the same moment; a time that is told exactly is meant so. */
const DELAYS: ReadonlyMap<string, string> = new Map([
    ["hourly", "5min"],
    ["daily", "30min"],
    ["weekly", "1h"],
]);

/** Lines `KEY NUMBER` of what stays (templates/app/retention.sh). */
export function renderKept({ last, daily, weekly, monthly }: KeptBackups): string {
    return Object.entries({ last, daily, weekly, monthly })
        .map(([key, number]) => `${key} ${number}\n`)
        .join("");
}
