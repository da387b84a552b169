/** How somebody is called in an anonymous export. */
export interface Pseudonym {
    /** Where it is the whole of a column. */
    readonly column: string;
    /** Within a text, in brackets. */
    readonly text: string;
}

/** Letters of an identity by which a text is searched for all of them at once. */
const BEGINNING = 6;

/** Fewer digits than these are found in any number. */
const DIGITS = 10;

/** What pseudonyms are made of: somebody who has chosen such an id would be found in all of them. */
const PSEUDONYMS = "[participant 0] [unknown 0] [hit 0] [hidden] [address] [browser] [e-mail]";

/** What tells who somebody is, and what is written in its place. Letters of either case are the same. */
export class Identities {
    private readonly pseudonyms = new Map<string, Pseudonym>();
    /** How long those are, the longest first, by how they begin. */
    private readonly lengths = new Map<string, readonly number[]>();
    /** Those that texts are searched for. */
    private readonly searched = new Set<string>();
    private readonly numbers = new Map<string, number>();

    /**
     * Keeps an identity; the first pseudonym that it gets is its own. Texts are searched for it, also as addresses have it (RFC 3986, 2.1),
     * if it is not met by chance: from six characters on where one of them is no digit, else from ten.
     */
    add(identity: string, pseudonym: Pseudonym): void {
        this.keep(lower(identity), pseudonym);
        // What is no text of Unicode cannot be in one.
        const inAddresses = encodeURIComponent(identity.toWellFormed());
        if (inAddresses !== identity) this.keep(lower(inAddresses), pseudonym);
    }

    private keep(known: string, pseudonym: Pseudonym): void {
        if (known === "" || this.pseudonyms.has(known)) return;
        this.pseudonyms.set(known, pseudonym);
        if (isMetByChance(known)) return;
        this.searched.add(known);
        const beginning = known.slice(0, BEGINNING);
        const lengths = this.lengths.get(beginning) ?? [];
        if (lengths.includes(known.length)) return;
        this.lengths.set(
            beginning,
            [...lengths, known.length].toSorted((a, b) => b - a),
        );
    }

    /** The same, by a pseudonym of a kind, with the next number of it. */
    addNumbered(identity: string, kind: string): void {
        if (this.pseudonyms.has(lower(identity))) return;
        const number = (this.numbers.get(kind) ?? 0) + 1;
        this.numbers.set(kind, number);
        this.add(identity, { column: `${kind} ${number}`, text: `${kind} ${number}` });
    }

    /** What is written for a column that holds an identity and nothing else; nothing where it is not known. */
    columnOf(identity: string): string | undefined {
        return this.pseudonyms.get(lower(identity))?.column;
    }

    /** A text without them. One of digits alone becomes a number, as JSON may need it. */
    hide(text: string): string {
        if (text.length < BEGINNING || this.lengths.size === 0) return text;
        const searched = lower(text);
        let hidden = "";
        let from = 0;
        for (let at = 0; at <= searched.length - BEGINNING; at++) {
            const found = this.startingAt(searched, at);
            if (found === undefined) continue;
            hidden += text.slice(from, at) + this.written(found);
            from = at + found.length;
            at = from - 1;
        }
        return hidden + text.slice(from);
    }

    /** Whether a text still has one of them. */
    areIn(text: string): boolean {
        return this.hide(text) !== text;
    }

    private startingAt(searched: string, at: number): string | undefined {
        for (const length of this.lengths.get(searched.slice(at, at + BEGINNING)) ?? []) {
            const candidate = searched.slice(at, at + length);
            if (this.searched.has(candidate)) return candidate;
        }
        return undefined;
    }

    private written(identity: string): string {
        const text = this.pseudonyms.get(identity)?.text ?? "";
        return /^\d+$/.test(identity) ? text.replaceAll(/\D/g, "") || "0" : `[${text}]`;
    }
}

function isMetByChance(identity: string): boolean {
    if (identity.length < BEGINNING) return true;
    if (/^\d+$/.test(identity)) return identity.length < DIGITS;
    return PSEUDONYMS.includes(identity.replaceAll(/\d+/g, "0"));
}

/** Letters of ASCII alone: others can change a text's length. */
function lower(text: string): string {
    return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
