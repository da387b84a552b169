/**
 * The program that runs in the project's folder, on the machine of who deploys, before anything is changed on a server: looks up whether
 * host names lead to it. Where they do not it waits for a record that has just been made, asks the server what that knows of itself and
 * of them, and says on standard error what is wrong.
 *
 * Its standard input is the stack's own ssh key, or nothing.
 */
import { isIP } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { abortedOnCancellation } from "../../../../local/cancellation.ts";
import { forReader } from "../../../../local/readersCommands.ts";
import { say } from "../../../../local/say.ts";
import { askServer } from "../askServer.ts";
import { explainNames, tellNames } from "../explainNames.ts";
import { judge, type LookedUp, recordsOf, type ServersView } from "../lookedUp.ts";
import { lookUp } from "../lookUp.ts";
import { namesEnvironment } from "../namesEnvironment.ts";

/** Milliseconds: for a name that is not there yet or cannot be looked up, for one that leads elsewhere, which may be what was right a moment ago, and between two looks. */
const patience = { missing: 60_000, elsewhere: 10_000, between: 2_000 };

const signal = abortedOnCancellation();
const request = namesEnvironment.read(process.env);
const privateKey = await text(process.stdin);
const atHost = isIP(request.host) === 0 ? recordsOf((await lookUp(request.host)).answers) : [{ address: request.host }];
const ofHost = atHost.map(({ address }) => address);
let asked: Promise<ServersView | { unknown: string }> | undefined;

const problem = await findProblem();
if (problem !== undefined) {
    say(forReader(problem));
    process.exitCode = 1;
}

/** Looks until all is right, or says at the end what is not. */
async function findProblem(): Promise<string | undefined> {
    const begun = performance.now();
    let told: string | undefined;
    while (true) {
        const here = await Promise.all(request.hostnames.map(lookUp));
        // The server has addresses that its name or address for ssh does not tell, those of IPv6 for instance.
        const isListed = request.addresses.length > 0;
        if (!isListed && wrongOf(here, ofHost).some(({ kind }) => kind === "elsewhere")) await servers();
        const addresses = await knownAddresses();
        const wrong = wrongOf(here, addresses);
        if (wrong.length === 0) return undefined;
        const waits = wrong.every(({ kind }) => kind === "elsewhere") ? patience.elsewhere : patience.missing;
        if (performance.now() - begun > waits || signal.aborted) {
            const there = await servers();
            const known = { here, there: "unknown" in there ? there : there.names, listed: request.addresses.length };
            return explainNames({ ...known, addresses: await knownAddresses() });
        }
        const now = tellNames(here, addresses);
        if (now !== told) say(`not yet: ${now}`);
        told = now;
        await setTimeout(patience.between);
    }
}

function wrongOf(here: readonly LookedUp[], addresses: readonly string[]) {
    return here.map((name) => judge(name, addresses)).filter(({ kind }) => kind !== "right");
}

/** What the configuration lists, or else all that is known by now. */
async function knownAddresses(): Promise<readonly string[]> {
    if (request.addresses.length > 0) return request.addresses;
    const answer = await asked;
    return [...new Set([...ofHost, ...(answer === undefined || "unknown" in answer ? [] : answer.addresses)])];
}

/** Asked once, and only where it is needed: each connection costs. */
function servers(): Promise<ServersView | { unknown: string }> {
    asked ??= askServer(request, privateKey, signal).catch((error: unknown) => ({
        unknown: error instanceof Error ? error.message : String(error),
    }));
    return asked;
}
