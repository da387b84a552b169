/** What stands in a config.txt: the keys in lower case, their texts, and what Dallinger could not read. */
export interface ConfigTxt {
    readonly values: ReadonlyMap<string, string>;
    /** Each names its line or its key and says what is wrong. */
    readonly problems: readonly ConfigTxtProblem[];
}

/** Something that Dallinger could not read. */
interface ConfigTxtProblem {
    /** `line 3` or the key. */
    readonly where: string;
    readonly message: string;
}

interface Reading {
    readonly sections: Map<string, Map<string, string[]>>;
    readonly problems: ConfigTxtProblem[];
    section?: { readonly name: string; readonly options: Map<string, string[]> };
    /** Lines of the option that an indented line goes on with. */
    option: string[] | undefined;
    /** Indentation of the line that the option began with. */
    indent: number;
}

/** The section whose options count in every other one. */
const DEFAULTS = "DEFAULT";

/**
 * Reads a config.txt as Dallinger does, with the rules of Python's configparser: sections only group, `=` or `:` separates,
 * `#` and `;` comment out whole lines, deeper indented lines go on with a value, `%(key)s` inserts another one, `%%` is `%`.
 */
export function parseConfigTxt(text: string): ConfigTxt {
    const reading: Reading = { sections: new Map([[DEFAULTS, new Map()]]), problems: [], option: undefined, indent: 0 };
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) readLine(reading, line, index + 1);
    const defaults = joined(reading.sections.get(DEFAULTS));
    const values = new Map<string, string>();
    for (const [name, options] of reading.sections) {
        if (name === DEFAULTS) continue;
        const raw = new Map([...defaults, ...joined(options)]);
        for (const key of raw.keys()) {
            const result = interpolate(raw, key);
            values.set(key, result.text);
            if (result.wrong !== undefined) reading.problems.push({ where: key, message: result.wrong });
        }
    }
    return { values, problems: reading.problems };
}

function readLine(reading: Reading, line: string, number: number): void {
    const value = line.trim();
    if (/^[#;]/.test(value)) return;
    if (value === "") {
        reading.option?.push("");
        return;
    }
    const indent = line.search(/\S/);
    if (reading.option !== undefined && indent > reading.indent) {
        reading.option.push(value);
        return;
    }
    reading.indent = indent;
    const header = /^\[(.+)\]/.exec(value)?.[1];
    if (header !== undefined) startSection(reading, header, number);
    else startOption(reading, value, number);
}

function startSection(reading: Reading, name: string, number: number): void {
    reading.option = undefined;
    const known = reading.sections.get(name);
    if (known !== undefined && name !== DEFAULTS) {
        reading.problems.push({ where: `line ${number}`, message: `the section [${name}] is there already` });
    }
    const options = known ?? new Map<string, string[]>();
    reading.sections.set(name, options);
    reading.section = { name, options };
}

function startOption(reading: Reading, line: string, number: number): void {
    const where = `line ${number}`;
    const [, name = "", value = ""] = /^(.*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    const key = name.trim().toLowerCase();
    if (key === "") {
        reading.problems.push({ where, message: "is neither a section, a comment nor `key = value`" });
    } else if (reading.section === undefined) {
        reading.problems.push({ where, message: "stands before the first section; begin the file with [Parameters]" });
    } else if (reading.section.options.has(key)) {
        reading.problems.push({ where, message: `the key ${key} is there already in [${reading.section.name}]` });
    } else {
        reading.option = [value.trim()];
        reading.section.options.set(key, reading.option);
    }
}

function joined(options: ReadonlyMap<string, readonly string[]> = new Map()): Map<string, string> {
    return new Map([...options].map(([key, lines]) => [key, lines.join("\n").trimEnd()]));
}

/** A value with what it inserts, or what is wrong with it. */
interface Interpolated {
    readonly text: string;
    readonly wrong?: string;
}

/** How deep values may insert each other, as in Python's configparser. */
const DEEPEST = 10;

/** Replaces `%(key)s` by the value of that key and `%%` by `%`; any other `%` is wrong. */
function interpolate(values: ReadonlyMap<string, string>, key: string): Interpolated {
    return expand(values, values.get(key) ?? "", 1);
}

function expand(values: ReadonlyMap<string, string>, raw: string, depth: number): Interpolated {
    if (depth > DEEPEST) return { text: raw, wrong: "inserts values that insert each other without end" };
    let wrong: string | undefined;
    const text = raw.replaceAll(/%(%|\(([^)]+)\)s)?/g, (_match, form?: string, name?: string) => {
        if (form === "%") return "%";
        if (name === undefined) wrong ??= "holds a % that Dallinger cannot read: write %% for the sign itself";
        const inserted = name === undefined ? undefined : values.get(name.toLowerCase());
        if (name !== undefined && inserted === undefined) wrong ??= `inserts ${name}, which is not there`;
        if (inserted === undefined || wrong !== undefined) return "";
        // Only a value that holds a sign of its own is expanded again.
        const deeper = inserted.includes("%") ? expand(values, inserted, depth + 1) : { text: inserted };
        wrong ??= deeper.wrong;
        return deeper.text;
    });
    return wrong === undefined ? { text } : { text: raw, wrong };
}
