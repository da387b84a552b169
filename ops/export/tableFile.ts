import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { AnonymousTable, type Row } from "./anonymousTable.ts";
import type { Identities } from "./identities.ts";

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/** Writes a table's CSV as it comes into a new file. @returns its rows, without the header. */
export async function saveTable(content: AsyncIterable<Buffer>, file: string): Promise<number> {
    let lines = 0;
    let quoted = false;
    async function* counted() {
        for await (const chunk of content) {
            for (const byte of chunk) {
                if (byte === QUOTE) quoted = !quoted;
                else if (byte === NEWLINE && !quoted) lines++;
            }
            yield chunk;
        }
    }
    await pipeline(counted, newFile(file));
    return Math.max(0, lines - 1);
}

/** A table of an export. */
interface NamedTable {
    readonly table: string;
    /** Whom the tables are about. */
    readonly identities: Identities;
}

/** Has `identities` know whom the CSV of a table is about. */
export async function learnIdentities(file: string, { table, identities }: NamedTable): Promise<void> {
    const content = createReadStream(file);
    try {
        let learning: AnonymousTable | undefined;
        const rows: AsyncIterable<Row> = content.compose(csvReader());
        for await (const row of rows) {
            if (learning !== undefined) learning.learn(row);
            else learning = new AnonymousTable(table, row.map(String), identities);
            if (!learning.names) break;
        }
    } finally {
        content.destroy();
    }
}

/** Writes a table's CSV without who has taken part into a new file. @returns its rows, without the header. */
export async function saveAnonymousTable(
    content: AsyncIterable<Buffer>,
    { file, table, identities }: NamedTable & { readonly file: string },
): Promise<number> {
    let rows = 0;
    async function* anonymous(records: AsyncIterable<Row>) {
        let hiding: AnonymousTable | undefined;
        for await (const record of records) {
            if (hiding === undefined) {
                hiding = new AnonymousTable(table, record.map(String), identities);
                yield csvLine(record);
            } else {
                rows++;
                yield csvLine(hiding.row(record));
            }
        }
    }
    await pipeline(content, csvReader(), anonymous, newFile(file));
    return rows;
}

/** Of PostgreSQL's CSV, where an empty field without quotes is NULL (COPY). */
export function csvReader() {
    const cast = (value: string, { quoting }: { quoting: boolean }) => (value === "" && !quoting ? null : value);
    return parse({ cast, record_delimiter: "\n", relax_column_count: false });
}

/** A line as PostgreSQL writes and reads it. */
function csvLine(row: Row): string {
    return `${row.map((value) => (value === null ? "" : csvField(value))).join(",")}\n`;
}

/** `\.` alone in a line would end what PostgreSQL reads. */
function csvField(value: string): string {
    return value === "" || value === "\\." || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** For its owner alone, and for none that is there already. */
export function newFile(file: string) {
    return createWriteStream(file, { flags: "wx", mode: 0o600 });
}

/** What is in a file. */
export function contentOf(file: string): AsyncIterable<Buffer> {
    return createReadStream(file);
}
