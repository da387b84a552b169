/** What becomes of a text or a number in JSON, which stands for `key` where it is an object's; nothing makes it `null`. */
export type Rewrite = (value: string, key: string | undefined) => string | undefined;

/** A text, a number or a word, what stands between them, or white space. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]|[a-z]+|\s+/g;

/**
 * JSON with other texts and numbers, and all else as it was written: objects keep their order and numbers their digits. A text that is
 * JSON itself is rewritten inside. @returns nothing where `json` is no object, array or text in JSON.
 */
export function rewriteJson(json: string, rewrite: Rewrite): string | undefined {
    if (!/^\s*["[{]/.test(json) || !isJson(json)) return undefined;
    const tokens = json.match(TOKEN) ?? [];
    let key: string | undefined;
    const written = tokens.map((token, index) => {
        if (/^[{}[\],]$/.test(token)) key = undefined;
        if (!/^["\d-]/.test(token)) return token;
        if (!isKey(tokens, index)) return rewriteValue(token, key, rewrite);
        key = textOf(token);
        return rewriteValue(token, undefined, rewrite);
    });
    return written.join("");
}

/** Whether a colon comes next. */
function isKey(tokens: readonly string[], index: number): boolean {
    const next = tokens[index + 1] ?? "";
    return (/^\s/.test(next) ? tokens[index + 2] : next) === ":";
}

function rewriteValue(token: string, key: string | undefined, rewrite: Rewrite): string {
    const isText = token.startsWith('"');
    const value = isText ? textOf(token) : token;
    // JSON within it has keys, which say more than the text as a whole.
    const wanted = rewrite(value, key);
    if (wanted === undefined) return "null";
    const written = (isText ? rewriteJson(value, rewrite) : undefined) ?? wanted;
    if (written === value) return token;
    return isText ? JSON.stringify(written) : written;
}

function textOf(token: string): string {
    const text: unknown = JSON.parse(token);
    return String(text);
}

function isJson(text: string): boolean {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}
