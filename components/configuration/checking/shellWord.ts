/** Makes one word for POSIX sh of a text or a number, quoted only where it has to be, so that ordinary commands stay readable. */
export function quote(word: string | number): string {
    const text = String(word);
    return /^[\w%+,./:=@-]+$/.test(text) ? text : quoted(text);
}

/** The same with quotes around it in any case. */
export function quoted(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
