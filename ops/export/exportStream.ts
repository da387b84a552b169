import { Refusal } from "../refusal.ts";

/** A part of what an app's verb `export` prints (templates/app/export.sh). */
export interface ExportPart {
    /** `table`, `dump`, `names`, … */
    readonly name: string;
    /** What stands behind it in its line: the number of a table, the status of a command. */
    readonly argument: string;
    /** To be read before the next part; what is left of it is passed over. */
    readonly content: AsyncIterable<Buffer>;
}

/** Characters of base64 that are decoded at once; a multiple of four. */
const DECODED_AT_ONCE = 16_384;

/**
 * Reads the stream of an export, part by part, as its lines come. It is whole when its last part is `end`.
 *
 * @throws {Refusal} for lines that are none of such a stream, and for one that ends before its end.
 */
export async function* readExport(lines: AsyncIterable<string>): AsyncGenerator<ExportPart> {
    const reader = new LineReader(lines);
    let name = "";
    try {
        for (let line = await reader.next(); line !== undefined; line = await reader.next()) {
            const [, found = "", argument = ""] = /^: ([a-z.-]+)(?: (\S.*))?$/.exec(line) ?? [];
            if (found === "" || name === "end") throw new Refusal(`the server has sent what is no export: ${line}`);
            name = found;
            const content = contentOf(reader);
            yield { name, argument, content };
            for await (const _ of content);
        }
    } finally {
        await reader.close();
    }
    if (name !== "end")
        throw new Refusal("the export has ended too early, and nothing of it is kept: repeat the command");
}

/** Up to the line of the next part. */
async function* contentOf(reader: LineReader): AsyncGenerator<Buffer> {
    let text = "";
    for (let line = await reader.next(); line !== undefined; line = await reader.next()) {
        if (line.startsWith(":")) {
            reader.putBack(line);
            break;
        }
        if (!/^[A-Za-z0-9+/]+={0,2}$/.test(line)) throw new Refusal(`the server has sent what is no export: ${line}`);
        text += line;
        if (text.length < DECODED_AT_ONCE) continue;
        const whole = text.length - (text.length % 4);
        yield Buffer.from(text.slice(0, whole), "base64");
        text = text.slice(whole);
    }
    if (text !== "") yield Buffer.from(text, "base64");
}

class LineReader {
    private readonly lines: AsyncIterator<string>;
    private waiting: string | undefined;

    constructor(lines: AsyncIterable<string>) {
        this.lines = lines[Symbol.asyncIterator]();
    }

    async next(): Promise<string | undefined> {
        const line = this.waiting;
        this.waiting = undefined;
        if (line !== undefined) return line;
        const { done, value } = await this.lines.next();
        return done === true ? undefined : value;
    }

    putBack(line: string): void {
        this.waiting = line;
    }

    async close(): Promise<void> {
        await this.lines.return?.();
    }
}
