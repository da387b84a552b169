import { z } from "zod";
import { isDnsLabel } from "../components/configuration/checking/hostNames.ts";
import { isBackupName } from "../components/configuration/experiment/experimentShape.ts";
import { Refusal } from "./refusal.ts";
import { withoutControls } from "./withoutControls.ts";

/** How a backup came to be: before a removal, by hand, or by its app's schedule. */
const KINDS = ["final", "manual", "scheduled"] as const;

/** A complete backup on a server. */
export interface ListedBackup {
    /** `<app>/<UTC time>`. */
    readonly path: string;
    readonly kind: (typeof KINDS)[number];
    /** Of all its files. */
    readonly bytes: number;
    /** Whether an operator has a copy. */
    readonly fetched: boolean;
    /** Whether the app's repository has it. */
    readonly offServer: boolean;
}

/** A scheduled backup that was not made, and none since. */
export interface FailedBackup {
    readonly app: string;
    /** `2026-01-01T12:00:00Z`. */
    readonly time: string;
    readonly reason: string;
}

/** What a server says of its backups. */
export interface ServerBackups {
    /** In the order of their paths. */
    readonly backups: readonly ListedBackup[];
    readonly failed: readonly FailedBackup[];
}

/**
 * Reads what templates/server/verbs/backups.sh prints.
 *
 * @throws {Refusal} when it is something else.
 */
export function readServerBackups(text: string): ServerBackups {
    const [backups, failed]: [ListedBackup[], FailedBackup[]] = [[], []];
    for (const part of text.split(/^(?=backup |failed )/m).filter((each) => each !== "")) {
        const values = valuesOf(part);
        const [backup, failure] = [readBackup(values), readFailure(values)];
        if (backup !== undefined) backups.push(backup);
        else if (failure !== undefined) failed.push(failure);
        else throw new Refusal(`the server says of its backups what nobody understands: ${withoutControls(part)}`);
    }
    return { backups: backups.toSorted((a, b) => (a.path < b.path ? -1 : 1)), failed };
}

/** Lines `KEY VALUE`. */
function valuesOf(part: string): Readonly<Record<string, string>> {
    const lines = part.split("\n").filter((line) => line !== "");
    return Object.fromEntries(lines.map((line) => [line.split(" ", 1)[0] ?? "", line.replace(/^\S* ?/, "")]));
}

/** Whether this is `<app>/<UTC time>`. */
export function isBackupPath(path: string): boolean {
    const [app = "", name = "", ...rest] = path.split("/");
    return isDnsLabel(app) && isBackupName(name) && rest.length === 0;
}

const yes = z
    .literal("yes")
    .optional()
    .transform((said) => said !== undefined);

const backupLines = z.object({
    backup: z.string().refine(isBackupPath),
    kind: z.enum(KINDS),
    bytes: z.coerce.number().int().nonnegative(),
    fetched: yes,
    "off-server": yes,
});

function readBackup(values: unknown): ListedBackup | undefined {
    const { data } = backupLines.safeParse(values);
    if (data === undefined) return undefined;
    const { backup: path, kind, bytes, fetched, "off-server": offServer } = data;
    return { path, kind, bytes, fetched, offServer };
}

const failureLines = z.object({ failed: z.string().regex(/^\S+ \S+$/), reason: z.string().default("") });

function readFailure(values: unknown): FailedBackup | undefined {
    const { data } = failureLines.safeParse(values);
    if (data === undefined) return undefined;
    const [app = "", time = ""] = data.failed.split(" ");
    return { app, time, reason: data.reason };
}
