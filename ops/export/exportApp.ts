import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { orMissing } from "../../components/local/orMissing.ts";
import { EXIT } from "../exitStatus.ts";
import { experimentOfStack } from "../experimentOfStack.ts";
import type { Operations } from "../operations.ts";
import { operationsOfStack } from "../operationsOfStack.ts";
import { Refusal } from "../refusal.ts";
import { removedOnSignals } from "../removedOnSignals.ts";
import { type Columns, printList } from "../table.ts";
import type { ANONYMIZE } from "./anonymize.ts";
import { sealVariant } from "./exportFolder.ts";
import { readExport } from "./exportStream.ts";
import { ReceivedExport, VARIANTS, type Variant } from "./receivedExport.ts";

/** What an export is to hold, and where it goes. */
export interface ExportOptions {
    readonly anonymize: (typeof ANONYMIZE)[number];
    /** Folder below which it gets one of its own. */
    readonly to: string;
    /** The files that the experiment has saved. */
    readonly files: boolean;
    /** What the app's processes have logged, without its secrets. */
    readonly logs: boolean;
    readonly json: boolean;
}

/** A table of an export. */
interface ExportedTable {
    readonly table: string;
    readonly rows: number;
}

/**
 * Exports the data of a stack's app while it runs, all tables as they are at one moment, into the folder `TO/APP/TIME`, which appears
 * when it is whole and compared. Nothing changes at the app. @returns the exit status.
 */
export async function exportApp(stack: string | undefined, options: ExportOptions): Promise<number> {
    checkOptions(options);
    const { name } = await experimentOfStack(stack);
    const exported = await writeExport(name, await operationsOfStack(stack), options);
    if (options.json) console.log(JSON.stringify(exported, null, 2));
    else {
        printList(exported.tables, columns, false);
        console.log(exported.folder);
    }
    return EXIT.done;
}

/** Receives an export and puts it, whole and compared, below `to`. @throws {Refusal} when it has not come whole; nothing is left then. */
export async function writeExport(
    app: string,
    operations: Pick<Operations, "export">,
    { anonymize, to, files, logs }: ExportOptions,
): Promise<{ readonly folder: string; readonly tables: readonly ExportedTable[] }> {
    const variants = variantsOf[anonymize];
    await using incoming = await incomingFolder(join(resolve(to), app));
    const received = new ReceivedExport(incoming.path, variants, (progress) => console.error(progress));
    for await (const part of readExport(operations.export({ dump: anonymize !== "yes", files, logs })))
        await received.take(part);
    await received.hideParticipants();
    console.error("comparing what was written with what has come");
    const time = new Date();
    const of = { app, exported: time.toISOString() };
    for (const variant of variants) await sealVariant(incoming.path, variant, { received, of });
    const folder = await incoming.become(nameOf(time));
    return { folder, tables: [...received.rows].map(([table, rows]) => ({ table, rows })) };
}

const variantsOf = { yes: ["anonymous"], no: ["regular"], both: VARIANTS } as const satisfies Record<
    string,
    readonly Variant[]
>;

const columns: Columns<ExportedTable> = { TABLE: ({ table }) => table, ROWS: ({ rows }) => String(rows) };

/** Files and logs hold what experiments write there, of whomever. */
function checkOptions({ anonymize, files, logs }: ExportOptions): void {
    const named = [...(files ? ["--files"] : []), ...(logs ? ["--logs"] : [])].join(" and ");
    if (anonymize === "yes" && named !== "")
        throw new Refusal(
            `an anonymous export has neither files nor logs, which can name anybody: leave ${named} out, or export with --anonymize both or no`,
        );
}

/** As backups are named: `20260301T120000Z`. */
function nameOf(time: Date): string {
    return time.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

interface IncomingFolder extends AsyncDisposable {
    readonly path: string;
    /** Gives it its name, by which it stays. @returns its path. */
    become(name: string): Promise<string>;
}

/** A folder of this process alone, which is removed unless it gets its name. What killed processes have left goes, too. */
async function incomingFolder(shelf: string): Promise<IncomingFolder> {
    await mkdir(shelf, { recursive: true, mode: 0o700 });
    await removeLeft(shelf);
    const path = join(shelf, `.incoming-${process.pid}`);
    await mkdir(path, { mode: 0o700 });
    const removal = removedOnSignals(path);
    const become = async (name: string) => {
        const target = join(shelf, name);
        await rename(path, target);
        return target;
    };
    const dispose = async () => {
        removal[Symbol.dispose]();
        await rm(path, { recursive: true, force: true });
    };
    return { path, become, [Symbol.asyncDispose]: dispose };
}

async function removeLeft(shelf: string): Promise<void> {
    for (const name of (await orMissing(readdir(shelf))) ?? []) {
        const [, pid] = /^\.incoming-(\d+)$/.exec(name) ?? [];
        if (pid !== undefined && !runs(Number(pid))) await rm(join(shelf, name), { recursive: true, force: true });
    }
}

function runs(pid: number): boolean {
    if (pid === process.pid) return false;
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}
