/** Shorter values are hidden only as they are: what encodings make of them stands in ordinary text, too. */
const shortestEncoded = 8;

/**
 * The texts under which a secret can stand in an app's log: each of its lines, as it is, and as programs write values down
 * that they quote, put into addresses or send on. The longest come first: one may be a part of another.
 */
export function hiddenTexts(values: readonly string[]): string[] {
    const lines = values.flatMap((value) => value.split(/\r?\n/)).filter((line) => line !== "");
    return [...new Set(lines.flatMap(textsOf))].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

function textsOf(line: string): string[] {
    if (line.length < shortestEncoded) return [line];
    const quoted = JSON.stringify(line).slice(1, -1);
    const percent = encodeURIComponent(line);
    return [
        ...[line, quoted, JSON.stringify(quoted).slice(1, -1)],
        ...[line.replaceAll("\\", "\\\\"), line.replaceAll("\\", "\\\\").replaceAll("'", "\\'")],
        ...[html(line, "&#34;", "&#39;"), html(line, "&quot;", "&#x27;"), html(line, "&quot;", "&#39;")],
        // As Python has it: ~ is no special character there either, but ! ' ( ) * are.
        ...[percent, pythonPercent(percent)].flatMap((text) => [
            ...[text, text.replaceAll("%2F", "/"), text.replaceAll("%20", "+")],
            text.replaceAll(/%../g, (digits) => digits.toLowerCase()),
        ]),
        ...[0, 1, 2].flatMap((offset) => base64Within(line, offset)),
        Buffer.from(line).toString("hex"),
    ];
}

function html(text: string, quote: string, apostrophe: string): string {
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return escaped.replaceAll('"', quote).replaceAll("'", apostrophe);
}

function pythonPercent(text: string): string {
    return text.replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** What base64 makes of a text that begins `offset` bytes after a multiple of three, but for letters that depend on its neighbours. */
function base64Within(text: string, offset: number): string[] {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const base64 = bytes.toString("base64").slice([0, 2, 3][offset], Math.floor((bytes.length * 8) / 6));
    return [base64, base64.replaceAll("+", "-").replaceAll("/", "_")];
}
