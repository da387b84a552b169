import type { PayloadFile } from "../../remote/payload.ts";
import { binFolder, readTemplate } from "../../remote/templates.ts";
import { appNames } from "./appNames.ts";
import { serverFolder } from "./serverNames.ts";

/** What can be done to an app on its server, and to a prepared server: the scripts in `verbs` of templates/app and templates/server. */
export const VERBS = {
    app: [
        ...(["database", "release", "schedule", "site", "launch", "remove"] as const),
        ...(["check", "status", "releases", "deliver", "exec", "shell", "psql", "restart"] as const),
        ...(["logs", "stats", "dump", "export", "backup", "snapshots", "timings"] as const),
    ],
    server: ["services", "images", "upload", "check", "apps", "use", "backups", "prune", "remove"],
} as const;

export type AppVerb = (typeof VERBS)["app"][number];
export type ServerVerb = (typeof VERBS)["server"][number];

/** Verbs that earlier versions had a script for, by which states of stacks still call them. */
const earlier = {
    app: ["database", "release", "site", "launch", "remove", "check", "releases", "deliver"],
    server: ["services", "images", "upload", "check", "remove"],
} satisfies { app: AppVerb[]; server: ServerVerb[] };

/** Path of the script by which everything is done to a server. */
export const serverDoor = `${serverFolder}/bin/server`;

/** Path of the script by which everything is done to an app. */
export function appDoor(app: string): string {
    return `${appNames(app).folder}/bin/app`;
}

/** A door with all that it needs, and what leads from the scripts of earlier versions to it: files of a claim's payload. */
export function doorFiles(door: "app" | "server"): PayloadFile[] {
    const content = readTemplate("shared/forward.sh");
    const forwards = earlier[door].map((verb) => ({ path: `bin/${verb}.sh`, content, mode: "700" as const }));
    const scripts = [...binFolder("shared"), ...binFolder(door)].filter(({ path }) => !path.endsWith(".conf"));
    return [...scripts, ...forwards];
}
