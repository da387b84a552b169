/** What becomes of a text or a number in JSON; nothing makes it `null`, and a key itself `[hidden]`. */
export type Rewrite = (value: string, place: PlaceInJson) => string | undefined;

/** Where a text or a number stands. */
interface PlaceInJson {
    /** Whether one of the keys is marked below which it is. */
    readonly isMarked: boolean;
}

/** A number or a word, what stands between them, or white space: all but a text. */
const TOKEN = /-?\d[\d.eE+-]*|-?Infinity|NaN|[{}[\],:]|[a-z]+|\s+/y;

/** What Python writes into JSON that is none (json.dumps, allow_nan). */
const NO_NUMBER = /^(?:NaN|-?Infinity)$/;

/**
 * JSON with other texts and numbers, and all else as it was written: objects keep their order and numbers their digits. A text that is
 * JSON itself is rewritten inside, with marks of its own. @returns nothing where `json` is no object, array or text in JSON, as Python
 * reads it.
 */
export function rewriteJson(json: string, rewrite: Rewrite, marks: Marks = () => false): string | undefined {
    if (!/^\s*["[{]/.test(json)) return undefined;
    const isRight = isJson(json);
    if (!isRight && !/NaN|Infinity/.test(json)) return undefined;
    const tokens = tokensOf(json);
    if (!isRight && !isJson(tokens.map((token) => (NO_NUMBER.test(token) ? "null" : token)).join(""))) return undefined;
    const place = new Place(marks);
    const change = { rewrite, marks };
    const written = tokens.map((token, index) => {
        place.pass(token);
        if (!/^["\d-]/.test(token)) return token;
        if (!isKey(tokens, index)) return rewriteValue(token, place, change) ?? "null";
        const key = rewriteValue(token, place, change) ?? '"[hidden]"';
        place.enter(textOf(token));
        return key;
    });
    return written.join("");
}

/** Whether all that stands below a key is marked. */
type Marks = (key: string) => boolean;

interface Change {
    readonly rewrite: Rewrite;
    readonly marks: Marks;
}

/** What has been passed on the way through JSON: an answer can be deep, and is not looked up to its top for each of its texts. */
class Place implements PlaceInJson {
    private readonly marks: Marks;
    /** Of the objects and arrays around it, whether what is in them is marked. */
    private readonly around: boolean[] = [];
    isMarked = false;

    constructor(marks: Marks) {
        this.marks = marks;
    }

    pass(token: string): void {
        if (/^[{[]$/.test(token)) this.around.push(this.isMarked);
        if (/^[}\]]$/.test(token)) this.around.pop();
        if (/^[{}[\],]$/.test(token)) this.isMarked = this.around.at(-1) ?? false;
    }

    /** What follows the colon stands below this key. */
    enter(key: string): void {
        this.isMarked ||= this.marks(key);
    }
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

function rewriteValue(token: string, place: PlaceInJson, { rewrite, marks }: Change): string | undefined {
    const isText = token.startsWith('"');
    const value = isText ? textOf(token) : token;
    // JSON within it has keys, which say more than the text as a whole.
    const wanted = rewrite(value, place);
    if (wanted === undefined) return undefined;
    const written = (isText ? rewriteJson(value, rewrite, marks) : undefined) ?? wanted;
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
