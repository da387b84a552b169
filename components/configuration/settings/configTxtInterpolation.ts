/** A value with what it inserts, or what is wrong with it. */
export interface Interpolated {
    readonly text: string;
    readonly wrong?: string;
}

/** How deep values may insert each other, as in Python's configparser. */
const DEEPEST = 10;

/** Replaces `%(key)s` by the value of that key and `%%` by `%`; any other `%` is wrong. */
export function interpolate(values: ReadonlyMap<string, string>, key: string): Interpolated {
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
