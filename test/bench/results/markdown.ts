/** A table in Markdown; empty without a row. Its columns after the first are figures, aligned to the right, or texts. */
export function table(
    headings: readonly string[],
    rows: readonly (readonly string[])[],
    columns: "figures" | "texts" = "figures",
): string {
    if (rows.length === 0) return "";
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    const rule = line(headings.map((_, column) => (column === 0 || columns === "texts" ? "---" : "--:")));
    return [line(headings), rule, ...rows.map(line)].join("\n");
}
