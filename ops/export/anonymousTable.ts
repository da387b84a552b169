import { hideAddresses, hideBrowsers, showTraces } from "./hideTraces.ts";
import type { Identities } from "./identities.ts";
import { type Rewrite, rewriteJson } from "./jsonTexts.ts";

/** A row of a table; null is PostgreSQL's NULL. */
export type Row = readonly (string | null)[];

/** Ends of names, by their letters alone, of columns and of keys in JSON that say who somebody is. */
const IDS = ["workerid", "assignmentid", "hitid", "uniqueid", "prolificid", "prolificpid", "sessionid", "turkid"];

/** The same for what else leads to somebody. */
const TRACES = [
    ...["ipaddress", "ipaddr", "clientip", "remoteaddr", "forwardedfor", "useragent", "fingerprint", "fingerprinthash"],
    ...["email", "emailaddress", "phonenumber"],
];

/** Dallinger's own words, which an id that somebody has chosen must not change: what they begin with is none of it. */
const WORDS = {
    info: ["type"],
    network: ["type", "role"],
    node: ["type"],
    notification: ["type", "event_type"],
    participant: ["type", "recruiter_id", "mode", "status"],
    question: ["type"],
    transformation: ["type"],
    transmission: ["type", "status"],
    vector: ["type"],
};

/** Bytes as PostgreSQL prints them. A least number of digits would be one that many megabytes are too much for. */
const BYTES = /\\x[\da-f]+/g;

/** A time as PostgreSQL and JSON have it. */
const TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Makes rows those of nobody in particular. Dallinger's columns become what its own export makes of them (`worker_id` the participant's
 * id; dallinger/data.py, _scrub_participant_table), assignments likewise, and HITs are numbered. Everywhere else, in every column of
 * every table, known ids, addresses and what browsers say of themselves are taken out of the text that they stand in.
 *
 * `identities` have to know everybody before the first row is written: an answer can name somebody who comes later.
 */
export class AnonymousTable {
    private readonly identities: Identities;
    private readonly header: readonly string[];
    private readonly anonymous: readonly ((value: string) => string | null)[];
    private readonly isOfParticipants: boolean;
    private readonly words: readonly string[];

    constructor(table: string, header: readonly string[], identities: Identities) {
        this.identities = identities;
        this.header = header;
        this.isOfParticipants = table === "participant";
        this.words = Object.entries(WORDS).find(([name]) => name === table)?.[1] ?? [];
        this.anonymous = header.map((column) => this.columnBy(column));
    }

    /** Whether its rows say who somebody is, so that `learn` has to see them. */
    get names(): boolean {
        return this.isOfParticipants || this.header.some(saysWho);
    }

    /** Has `identities` know whom a row is about. */
    learn(row: Row): void {
        if (this.isOfParticipants) this.learnParticipant(row);
        for (const [column, value] of row.entries())
            if (value !== null && saysWho(this.header[column] ?? "")) this.id(value);
    }

    row(row: Row): Row {
        return row.map((value, column) => (value === null ? null : (this.anonymous[column]?.(value) ?? null)));
    }

    /** Whether a row that was made so still says who has taken part. */
    stillTells(row: Row): boolean {
        return row.some((value, column) => {
            if (value === null || this.words.includes(this.header[column] ?? "")) return false;
            return this.tells(value);
        });
    }

    private tells(value: string): boolean {
        let found = false;
        const look: Rewrite = (text) => {
            // Of JSON within it, what is in that counts.
            found ||= this.isFoundIn(text) && rewriteJson(text, (inner) => inner) === undefined;
            return text;
        };
        return rewriteJson(value, look) === undefined ? this.isFoundIn(value) : found;
    }

    private isFoundIn(text: string): boolean {
        return !this.isTime(text) && (this.identities.areIn(text) || this.hideInBytes(text) !== text);
    }

    private learnParticipant(row: Row): void {
        const of = (column: string) => row[this.header.indexOf(column)] ?? "";
        const id = of("id");
        const person = { column: id, text: `participant ${id}` };
        this.identities.add(of("unique_id"), { ...person, column: `${id}:${id}` });
        for (const column of ["worker_id", "assignment_id"]) this.identities.add(of(column), person);
        if (of("hit_id") !== "") this.identities.addNumbered(of("hit_id"), "hit");
        for (const column of ["fingerprint_hash", "client_ip_address"])
            this.identities.add(of(column), { column: "", text: "hidden" });
        const add: Rewrite = (value, { isMarked }) => {
            if (isMarked) this.identities.add(value, person);
            return value;
        };
        rewriteJson(of("entry_information"), add, saysWho);
    }

    private columnBy(column: string): (value: string) => string | null {
        // Of a recruiter, in the recruiter's own words.
        if (column === "entry_information") return () => "{}";
        if (saysWho(column)) return (value) => this.id(value);
        if (leadsTo(column)) return () => null;
        if (this.words.includes(column)) return (value) => value;
        return (value) => rewriteJson(value, this.rewrite, isOfSomebody) ?? this.text(value);
    }

    /** Of somebody whom no participant's row has, too: the same one gets the same pseudonym everywhere. */
    private id(value: string): string {
        if (value !== "") this.identities.addNumbered(value, "unknown");
        return this.identities.columnOf(value) ?? "";
    }

    private readonly rewrite: Rewrite = (value, { isMarked }) => (isMarked ? undefined : this.text(value));

    private isTime(text: string): boolean {
        return TIME.test(text) && this.identities.columnOf(text) === undefined;
    }

    /** What PostgreSQL prints of bytes (bytea_output `hex`), alone or in an array, becomes no bytes where somebody is among them. */
    private hideInBytes(text: string): string {
        return text.replaceAll(BYTES, (found) => {
            const bytes = Buffer.from(found.slice(2), "hex");
            const texts = [bytes.toString("latin1"), bytes.toString("utf8")];
            return texts.some((each) => this.identities.areIn(each) || showTraces(each)) ? "\\x" : found;
        });
    }

    /** Browsers first, of which an identity would leave pieces that are none, and addresses behind identities, which can hold some. */
    private text(text: string): string {
        if (this.isTime(text)) return text;
        const named = this.identities.hide(hideBrowsers(this.hideInBytes(text)));
        return hideAddresses(hideSaid(named));
    }
}

/** What stands before a value in a text: hstore, arrays of JSON, parts of an address, Python. */
const SAID = /(?<![\w-])([\w-]{2,60})\\*["']?\s*(?:=>|[:=])\s*\\*/g;

/** Up to its other quote, or what ends a word; not what has a pseudonym already. */
const VALUE = /(["'])?(?!\[)(?:(?<=")[^"\\]+|(?<=')[^'\\]+|(?<!["'])[^\s,;&"'<>(){}[\]\\]+)/y;

/** A text without the values of keys that say who somebody is. A value of another key can hold some of these. */
function hideSaid(text: string): string {
    let hidden = "";
    let from = 0;
    for (const said of text.matchAll(SAID)) {
        const at = said.index + said[0].length;
        const key = said[1] ?? "";
        if (said.index < from || !(saysWho(key) || endsLike(key, TRACES))) continue;
        VALUE.lastIndex = at;
        const value = VALUE.exec(text);
        if (value === null) continue;
        hidden += `${text.slice(from, at)}${value[1] ?? ""}[hidden]`;
        from = at + value[0].length;
    }
    return hidden + text.slice(from);
}

function isOfSomebody(key: string): boolean {
    return saysWho(key) || leadsTo(key);
}

function saysWho(name: string): boolean {
    return endsLike(name, IDS);
}

function leadsTo(name: string): boolean {
    return endsLike(name, TRACES) || name.toLowerCase() === "ip";
}

function endsLike(name: string, ends: readonly string[]): boolean {
    const letters = name.toLowerCase().replaceAll(/[^a-z]/g, "");
    return ends.some((end) => letters.endsWith(end) || letters.endsWith(`${end}s`));
}
