/** What becomes of a text or a number in JSON, which stands for `key` where it is an object's; nothing makes it `null`. */
export type Rewrite = (value: string, key: string | undefined) => string | undefined;

/** A number or a word, what stands between them, or white space: all but a text. */
const TOKEN = /-?\d[\d.eE+-]*|[{}[\],:]|[a-z]+|\s+/y;

/**
 * JSON with other texts and numbers, and all else as it was written: objects keep their order and numbers their digits. A text that is
 * JSON itself is rewritten inside. @returns nothing where `json` is no object, array or text in JSON.
 */
export function rewriteJson(json: string, rewrite: Rewrite): string | undefined {
    if (!/^\s*["[{]/.test(json) || !isJson(json)) return undefined;
    const tokens = tokensOf(json);
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

/** Of JSON that is right. Texts are as long as a recording is, which is more than one regular expression takes. */
function tokensOf(json: string): string[] {
    const tokens: string[] = [];
    for (let at = 0; at < json.length; ) {
        const end = json[at] === '"' ? endOfText(json, at) : endOfToken(json, at);
        tokens.push(json.slice(at, end));
        at = end;
    }
    return tokens;
}

function endOfToken(json: string, at: number): number {
    TOKEN.lastIndex = at;
    return at + (TOKEN.exec(json)?.[0].length ?? 1);
}

/** Behind the quote before which there is an even number of backslashes. */
function endOfText(json: string, at: number): number {
    for (let quote = json.indexOf('"', at + 1); quote > 0; quote = json.indexOf('"', quote + 1)) {
        let backslashes = 0;
        while (json[quote - 1 - backslashes] === "\\") backslashes++;
        if (backslashes % 2 === 0) return quote + 1;
    }
    return json.length;
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
