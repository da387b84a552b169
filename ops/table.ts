import stringWidth from "string-width";
import { withoutControls } from "./withoutControls.ts";

/** The columns of a table: their headings, and what stands in them of one of the things that the table lists. */
export type Columns<T> = Readonly<Record<string, (row: T) => string>>;

/** A table for people, a line each and one of headings; empty where there is nothing. */
export function renderTable<T>(rows: readonly T[], columns: Columns<T>): string[] {
    if (rows.length === 0) return [];
    const cells = rows.map((row) =>
        Object.values(columns).map((text) => withoutControls(text(row).replaceAll("\t", " "))),
    );
    const lines = [Object.keys(columns), ...cells];
    const widths = Object.keys(columns).map((_, column) =>
        Math.max(...lines.map((line) => stringWidth(line[column] ?? ""))),
    );
    return lines.map((line) =>
        line
            .map((cell, column) => padded(cell, widths[column] ?? 0))
            .join("  ")
            .trimEnd(),
    );
}

/** What a command lists: as a table, or with `json` as an array for programs, without the columns' choice. */
export function printList<T>(rows: readonly T[], columns: Columns<T>, json: boolean): void {
    const lines = json ? [JSON.stringify(rows, null, 2)] : renderTable(rows, columns);
    for (const line of lines) console.log(line);
}

function padded(cell: string, width: number): string {
    return cell + " ".repeat(width - stringWidth(cell));
}
