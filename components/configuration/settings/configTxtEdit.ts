/** Where an option stands in a config.txt, in lines. */
interface Place {
    readonly first: number;
    /** The lines that go on with its value. */
    readonly further: readonly number[];
}

/**
 * Sets a key in a config.txt that {@link parseConfigTxt} can read: in the last section that has it, else at the end. Every other
 * line stays as it is, to the byte.
 */
export function setInConfigTxt(text: string, key: string, value: string): string {
    const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
    const written = value.replaceAll("%", "%%");
    const place = findOption(lines, key);
    if (place === undefined) return append(lines, `${key} = ${written}`);
    const replaced = lines.map((line, index) => (index === place.first ? withValue(line, written) : line));
    return replaced.filter((_, index) => !place.further.includes(index)).join("");
}

function findOption(lines: readonly string[], key: string): Place | undefined {
    let found: { first: number; further: number[] } | undefined;
    /** Of the option that an indented line goes on with; its lines are of interest when it is the one. */
    let open: { readonly indent: number; readonly further: number[] } | undefined;
    for (const [index, line] of lines.entries()) {
        const content = line.trim();
        if (content === "" || /^[#;]/.test(content)) continue;
        const indent = line.search(/\S/);
        if (open !== undefined && indent > open.indent) {
            open.further.push(index);
            continue;
        }
        const further: number[] = [];
        open = content.startsWith("[") ? undefined : { indent, further };
        const [name = ""] = content.split(/[=:]/, 1);
        if (open !== undefined && name.trim().toLowerCase() === key) found = { first: index, further };
    }
    return found;
}

/** A line with another value behind its separator. */
function withValue(line: string, value: string): string {
    const [, before = "", end = ""] = /^([^=:]*[=:][ \t]*)[^\r\n]*(.*)$/s.exec(line) ?? [];
    return `${before}${value}${end}`;
}

/** Behind the last line that is not blank, in a section. */
function append(lines: readonly string[], option: string): string {
    const end = /[\r\n]+$/.exec(lines[0] ?? "")?.[0] ?? "\n";
    const last = lines.findLastIndex((line) => line.trim() !== "");
    const section = lines.findLast((line) => /^\s*\[.+\]/.test(line))?.trim() ?? "";
    const isInSection = section !== "" && !section.startsWith("[DEFAULT]");
    const before = lines.slice(0, last + 1).join("");
    const joint = before === "" || /[\r\n]$/.test(before) ? "" : end;
    const header = isInSection ? "" : `[Parameters]${end}`;
    return `${before}${joint}${header}${option}${end}${lines.slice(last + 1).join("")}`;
}
