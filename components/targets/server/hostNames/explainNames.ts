import { configurationPath, setCommand } from "../../../configuration/checking/configurationPath.ts";
import { isWildcardName } from "../../../configuration/checking/hostNames.ts";
import { explain, type Problem } from "../../../configuration/checking/problems.ts";
import { type AddressRecord, ITSELF, judge, type LookedUp, recordFor, recordsOf, type Verdict } from "./lookedUp.ts";

/** What is known of where names lead. */
export interface KnownOfNames {
    /** As this machine sees them. */
    readonly here: readonly LookedUp[];
    /** As the server sees them, or why it could not be asked. */
    readonly there: readonly LookedUp[] | { readonly unknown: string };
    /** All addresses of the server, the one to make records with first. */
    readonly addresses: readonly string[];
    /** How many of them the configuration lists. */
    readonly listed: number;
}

/** A name with its verdicts; there is none from the server where that was not asked. */
interface Judged {
    readonly hostname: string;
    readonly seen: { readonly here: LookedUp; readonly there: LookedUp | undefined };
    readonly here: Verdict;
    readonly there: Verdict | undefined;
}

/** The one error about names that do not lead to the server; nothing when all do, from wherever they were looked up. */
export function explainNames(known: KnownOfNames): string | undefined {
    const wrong = judged(known).filter(
        ({ here, there }) => here.kind !== "right" || (there?.kind ?? "right") !== "right",
    );
    if (wrong.length === 0) return undefined;
    const { there, addresses } = known;
    const server = addresses.length === 0 ? "its address is not known here" : addresses.join(", ");
    const title = `these host names do not lead to the server (${server}), and nothing was changed:`;
    return [
        explain(
            title,
            wrong.map((name) => problemOf(name, addresses)),
        ),
        ...("unknown" in there ? [`The server itself could not be asked where they lead: ${there.unknown}`] : []),
        ...adviseListing(wrong, known),
        ...adviseWithout(wrong),
        "After mending it, run `pulumi up` again; what was changed a moment ago may take a while to be known.",
    ].join("\n");
}

/** One line of what is not right yet, for who watches. */
export function tellNames(here: readonly LookedUp[], addresses: readonly string[]): string {
    const wrong = here.filter((name) => judge(name, addresses).kind !== "right");
    return wrong.map((name) => `${name.hostname} ${seenOf(name)}`).join("; ");
}

function judged({ here, there, addresses }: KnownOfNames): Judged[] {
    return here.map((name) => {
        const other = "unknown" in there ? undefined : there.find(({ hostname }) => hostname === name.hostname);
        return {
            hostname: name.hostname,
            seen: { here: name, there: other },
            here: judge(name, addresses),
            there: other && judge(other, [...addresses, ...ITSELF]),
        };
    });
}

function problemOf(name: Judged, addresses: readonly string[]): Problem {
    const [advice, ...fix] = mending(name, addresses);
    const message = `${seenFromBoth(name.seen)}: ${advice}`;
    return { path: name.hostname, message, ...(fix.length > 0 && { fix: fix.join("\n") }) };
}

function seenFromBoth({ here, there }: Judged["seen"]): string {
    const [own, other] = [seenOf(here), there && seenOf(there)];
    if (other === undefined) return `${own} seen from here`;
    return own === other
        ? `${own} seen from here and from the server`
        : `${own} seen from here, and ${other} from the server`;
}

function seenOf({ answers }: LookedUp): string {
    const found = recordsOf(answers).map(({ type, address }) => `${type} ${address}`);
    const unanswered = Object.values(answers).find(({ kind }) => kind === "unanswered");
    const reasons = unanswered?.kind === "unanswered" ? [`cannot be looked up (${unanswered.reason})`] : [];
    const parts = found.length === 0 ? reasons : [`is ${found.join(", ")}`, ...reasons];
    return parts.length === 0 ? "has no address" : parts.join(" and ");
}

/** What to do about a name, and the records to make. */
function mending({ hostname, seen, here, there }: Judged, addresses: readonly string[]): [string, ...string[]] {
    const strays = straysOf(here, there);
    if (strays.length > 0 && isWildcardName(hostname)) return ["the address in the name is not the server's"];
    const hasRight = recordsOf(seen.here.answers).some(({ address }) => addresses.includes(address));
    if (strays.length > 0) return ["correct the record", ...corrections(hostname, strays, hasRight, addresses)];
    const verdicts = [here, ...(there === undefined ? [] : [there])];
    if (verdicts.every(({ kind }) => kind === "missing")) return missing(hostname, addresses);
    const place = here.kind === "right" ? "the server" : "this machine";
    if (verdicts.some(({ kind }) => kind === "unanswered"))
        return [`see to the name server of ${place}, which gives no answer`];
    return [`the record is there, and not known yet to the name server of ${place}, or held back by it`];
}

function missing(hostname: string, [address]: readonly string[]): [string, ...string[]] {
    if (isWildcardName(hostname)) {
        const another = setCommand(configurationPath("server", "wildcard"), "SERVICE");
        return [
            "the address is in the name, so the wildcard service does not answer, or your name server holds private addresses back. Another service, in the stack with the server block:",
            another,
        ];
    }
    if (address === undefined) return ["make a record that leads to the server"];
    return ["make the record", written(hostname, recordFor(address))];
}

/** In place of each that leads elsewhere one of the same type, where the server has such an address; and one at least that is right. */
function corrections(
    hostname: string,
    strays: readonly AddressRecord[],
    hasRight: boolean,
    addresses: readonly string[],
): string[] {
    const own = addresses.map(recordFor);
    const lines = strays.map(({ type, address }) => {
        const right = own.find((record) => record.type === type);
        return right === undefined ? `remove ${written(hostname, { type, address })}` : written(hostname, right);
    });
    const [first] = own;
    const isBare = !hasRight && lines.every((line) => line.startsWith("remove "));
    return [...new Set(lines), ...(isBare && first !== undefined ? [written(hostname, first)] : [])];
}

function straysOf(...verdicts: readonly (Verdict | undefined)[]): AddressRecord[] {
    const all = verdicts.flatMap((verdict) => (verdict?.kind === "elsewhere" ? verdict.strays : []));
    return all.filter(({ address }, index) => all.findIndex((other) => other.address === address) === index);
}

function written(hostname: string, { type, address }: AddressRecord): string {
    return `${hostname}. ${type} ${address}`;
}

/** Behind NAT or a proxy, what the names resolve to is right and not the server's own. */
function adviseListing(wrong: readonly Judged[], { listed }: KnownOfNames): string[] {
    const [stray] = wrong.flatMap(({ here, there }) => straysOf(here, there));
    if (stray === undefined) return [];
    const command = setCommand(configurationPath("server", "addresses", listed), stray.address);
    return [
        `If that is where something in front of the server answers, NAT or a proxy, \`${command}\` in the stack with the server block says so.`,
    ];
}

/** Where only this machine does not see what is right on the server. */
function adviseWithout(wrong: readonly Judged[]): string[] {
    if (wrong.some(({ there }) => there?.kind !== "right")) return [];
    const command = setCommand(configurationPath("experiment", "checkFromHere"), "false");
    return [`If participants see what the server sees, and only this machine does not: \`${command}\``];
}
