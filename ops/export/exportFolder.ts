import { createHash } from "node:crypto";
import { open, readdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { Refusal } from "../refusal.ts";
import { AnonymousTable, type Row } from "./anonymousTable.ts";
import { readZip, writeZip } from "./dataZip.ts";
import type { Identities } from "./identities.ts";
import { type ReceivedExport, tablePath, type Variant } from "./receivedExport.ts";
import { contentOf, csvReader } from "./tableFile.ts";

/** The tables that Dallinger's own export holds, which it finds by a part of their paths: they come before all others (dallinger/data.py). */
const DALLINGERS = [
    "info",
    "network",
    "node",
    "notification",
    "participant",
    "question",
    "transformation",
    "transmission",
    "vector",
];

/** What an export is of. */
export interface ExportedApp {
    readonly app: string;
    /** When, in ISO 8601. */
    readonly exported: string;
}

/** What `manifest.json` says. */
export interface Manifest extends ExportedApp {
    readonly variant: Variant;
    /**
     * Of the release that ran: its id, image by digest, commit, and who has brought it when; null where there was none. Of an anonymous
     * export, which is made to be published, nobody who has brought it, and none of its settings.
     */
    readonly release: unknown;
    /** Rows, without the header, and SHA-256 sum of each table's CSV. */
    readonly tables: Readonly<Record<string, { readonly rows: number; readonly sha256: string }>>;
}

/**
 * Makes a variant's folder whole: Dallinger's archive of all tables, read back and compared, then `manifest.json` and `SHA256SUMS`.
 *
 * @throws {Refusal} when what was written is not what has come.
 */
export async function sealVariant(
    folder: string,
    variant: Variant,
    { received, of }: { readonly received: ReceivedExport; readonly of: ExportedApp },
): Promise<void> {
    const own = join(folder, variant);
    const archive = join(own, `${of.app}-data.zip`);
    const tables = inOrder([...received.rows.keys()]);
    const entries = tables.map((table) => ({
        path: tablePath(table),
        content: { file: join(own, tablePath(table)) },
    }));
    await writeZip(archive, [...entries, { path: "experiment_id.md", content: { text: of.app } }]);
    const tableAt = new Map(tables.map((table) => [tablePath(table), table]));
    const sums = await readZip(archive, (path, content) => {
        const table = tableAt.get(path);
        return variant === "anonymous" && table !== undefined
            ? checkAnonymous(table, content, received.identities)
            : passOver(content);
    });
    for (const table of tables) {
        if (sums.get(tablePath(table)) !== (await sumOf(join(own, tablePath(table)))))
            throw new Refusal(`${tablePath(table)} in ${archive} is not what was received, and nothing is kept`);
    }
    const manifest: Manifest = {
        ...of,
        variant,
        release: releaseIn(received.record, variant),
        tables: Object.fromEntries(
            tables.map((table) => [
                table,
                { rows: received.rows.get(table) ?? 0, sha256: sums.get(tablePath(table)) ?? "" },
            ]),
        ),
    };
    await rm(join(own, "data"), { recursive: true });
    await writeFile(join(own, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    await writeSums(own);
}

const published = ["release", "image", "imageId", "commit", "applied"];

function releaseIn(record: string, variant: Variant): unknown {
    if (record === "") return null;
    const release: unknown = JSON.parse(record);
    if (variant === "regular" || typeof release !== "object" || release === null) return release;
    return Object.fromEntries(Object.entries(release).filter(([name]) => published.includes(name)));
}

function inOrder(tables: readonly string[]): string[] {
    const others = tables.filter((table) => !DALLINGERS.includes(table));
    return [...DALLINGERS.filter((table) => tables.includes(table)), ...others];
}

/** Each field by itself, as they were made anonymous. */
async function checkAnonymous(table: string, content: AsyncIterable<Buffer>, identities: Identities): Promise<void> {
    let read: AnonymousTable | undefined;
    await pipeline(content, csvReader(), async (rows: AsyncIterable<Row>) => {
        for await (const row of rows) {
            if (read?.stillTells(row))
                throw new Refusal(
                    `the table ${table} still says who has taken part, and nothing is kept: this is a mistake in this program`,
                );
            read ??= new AnonymousTable(table, row.map(String), identities);
        }
    });
}

async function passOver(content: AsyncIterable<Buffer>): Promise<void> {
    for await (const _ of content);
}

/** As backups have it: a line for each file, and all of them on disk before the folder gets its name. */
async function writeSums(folder: string): Promise<void> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const sums: string[] = [];
    for (const file of files.toSorted()) {
        sums.push(`${await sumOf(file)}  ./${relative(folder, file)}\n`);
        await toDisk(file);
    }
    await writeFile(join(folder, "SHA256SUMS"), sums.join(""), { mode: 0o600, flush: true });
}

async function toDisk(file: string): Promise<void> {
    await using opened = await open(file);
    await opened.sync();
}

async function sumOf(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(contentOf(file), hash);
    return hash.digest("hex");
}
