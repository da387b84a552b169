import { isIPv4 } from "node:net";
import { ipAddress } from "../../../configuration/checking/hostNames.ts";

/** Records that hold addresses. */
const RECORD_TYPES = ["A", "AAAA"] as const;

type RecordType = (typeof RECORD_TYPES)[number];

/** What a name server says of the records of one type. */
export type Answer =
    | { readonly kind: "found"; readonly addresses: readonly string[] }
    | { readonly kind: "none" }
    /** It has given no answer, so there may be a record. */
    | { readonly kind: "unanswered"; readonly reason: string };

/** A host name with all that was said of it. */
export interface LookedUp {
    readonly hostname: string;
    readonly answers: Readonly<Record<RecordType, Answer>>;
}

/** An address with the type of the record that leads to it. */
export interface AddressRecord {
    readonly type: RecordType;
    readonly address: string;
}

/** Where a name leads, of a server that has these addresses. */
export type Verdict =
    | { readonly kind: "right" }
    /** With at least one record to something else. */
    | { readonly kind: "elsewhere"; readonly strays: readonly AddressRecord[] }
    /** Nowhere. */
    | { readonly kind: "missing" }
    | { readonly kind: "unanswered"; readonly reason: string };

/** Debian's /etc/hosts, and others, give a machine's own name these addresses: seen from the server they are the server. */
export const ITSELF: readonly string[] = ["127.0.1.1", "127.0.0.2"];

/** What the server said when it was asked where names lead. */
export interface ServersView {
    readonly names: readonly LookedUp[];
    /** Its own addresses, and those of the name that ssh connects to, in that spelling by which addresses are compared. */
    readonly addresses: readonly string[];
}

/** Judges what was said of a name. One record that leads elsewhere is enough: a browser may choose that one. */
export function judge({ answers }: LookedUp, addresses: readonly string[]): Verdict {
    const records = recordsOf(answers);
    const strays = records.filter(({ address }) => !addresses.includes(address));
    if (strays.length > 0) return { kind: "elsewhere", strays };
    for (const type of RECORD_TYPES) {
        const answer = answers[type];
        if (answer.kind === "unanswered") return answer;
    }
    return { kind: records.length === 0 ? "missing" : "right" };
}

/** The records that were found, those of IPv4 first. */
export function recordsOf(answers: LookedUp["answers"]): AddressRecord[] {
    return RECORD_TYPES.flatMap((type) => {
        const answer = answers[type];
        return answer.kind === "found" ? answer.addresses.map((address) => ({ type, address })) : [];
    });
}

/** A record for an address. */
export function recordFor(address: string): AddressRecord {
    return { type: isIPv4(address) ? "A" : "AAAA", address };
}

/** Reads what `report_names` of templates/shared/names.sh has printed; lines that are none of its own do not count. */
export function readServersView(report: string, hostnames: readonly string[]): ServersView {
    const lines = report.split("\n").map((line) => line.split(" "));
    const known = lines.flatMap(([word, text = ""]) =>
        word === "host" || word === "own" ? (ipAddress(text) ?? []) : [],
    );
    const names = hostnames.map((hostname) => {
        const said = (type: RecordType) => readAnswer(lines.filter(([name, of]) => name === hostname && of === type));
        return { hostname, answers: { A: said("A"), AAAA: said("AAAA") } };
    });
    return { names, addresses: [...new Set(known)] };
}

function readAnswer(lines: readonly (readonly string[])[]): Answer {
    const addresses = lines.flatMap(([, , text = ""]) => ipAddress(text) ?? []);
    if (addresses.length > 0) return { kind: "found", addresses };
    const [, , word, ...reason] = lines[0] ?? [];
    if (word === "none") return { kind: "none" };
    return { kind: "unanswered", reason: reason.join(" ") || "it has said nothing" };
}
