/** A value that nobody but those it is meant for may see. */
export interface Secret {
    readonly name: string;
    readonly value: string;
}

/** A text by which a secret is recognised. */
export interface SecretForm {
    readonly secret: string;
    /** How the secret is written there, for people. */
    readonly form: string;
    readonly text: string;
}

/** Shorter texts are found everywhere by chance. */
const shortest = 10;

/** The texts in which a secret may be written down: plain, quoted and escaped by many rules, and all that in base64 or hexadecimal. */
export function secretForms({ name, value }: Secret): SecretForm[] {
    const forms = Object.entries(written(value)).flatMap(([form, text]) => [
        { form, text },
        { form: `${form}, in JSON`, text: json(text) },
        ...encoded(text).map((part) => ({ form: `${form}, ${part.form}`, text: part.text })),
    ]);
    const found = forms.filter(({ text }) => text.length >= shortest);
    if (found.length === 0) throw new RangeError(`${name} is too short to be looked for`);
    return found.map((form) => ({ secret: name, ...form }));
}

function written(value: string): Record<string, string> {
    const url = encodeURIComponent(value);
    return {
        plain: value,
        JSON: json(value),
        "JSON for HTML": json(value).replaceAll("&", "\\u0026").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
        "JSON with \\/": json(value).replaceAll("/", "\\/"),
        URL: url,
        "URL with /": url.replaceAll("%2F", "/"),
        "URL in lower case": url.replaceAll(/%../g, (digits) => digits.toLowerCase()),
        form: new URLSearchParams({ "": value }).toString().slice(1),
        shell: value.replaceAll("'", "'\\''"),
        Python: value.replaceAll("\\", "\\\\").replaceAll("'", "\\'"),
        compose: value.replaceAll("$", "$$$$"),
        HTML: html(value, "&#34;"),
        XML: html(value, "&quot;"),
    };
}

function json(text: string): string {
    return JSON.stringify(text).slice(1, -1);
}

function html(text: string, quote: string): string {
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return escaped.replaceAll('"', quote);
}

function encoded(text: string): { form: string; text: string }[] {
    const bytes = Buffer.from(text);
    const hex = bytes.toString("hex");
    const base64 = [0, 1, 2].flatMap((offset) =>
        base64Parts(bytes, offset).map((part) => ({ form: `base64 at ${offset}`, text: part })),
    );
    const url = base64.map((part) => ({
        form: `${part.form} for URLs`,
        text: part.text.replaceAll("+", "-").replaceAll("/", "_"),
    }));
    return [...base64, ...url, { form: "hex", text: hex }, { form: "HEX", text: hex.toUpperCase() }];
}

/**
 * What base64 makes of the bytes wherever they stand in a longer text, `offset` bytes after a multiple of three: without the
 * characters that also depend on what is around them. A long one in two halves: one of them survives a line's end.
 */
function base64Parts(bytes: Buffer, offset: number): string[] {
    const all = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const certain = all.slice([0, 2, 3][offset], Math.floor(((offset + bytes.length) * 8) / 6));
    if (certain.length < 40) return [certain];
    return [certain.slice(0, certain.length / 2), certain.slice(certain.length / 2)];
}
