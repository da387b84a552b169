/**
 * The program that ExperimentApp runs in the project's folder, on the machine of who deploys: asks each host name of the app for a page
 * as a participant's browser does, by DNS, through every firewall, over verified TLS. What it has to tell is on standard error.
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { setTimeout } from "node:timers/promises";
import { getCACertificates } from "node:tls";
import { configurationPath, setCommand } from "../../../configuration/checking/configurationPath.ts";
import { forReader } from "../../../local/readersCommands.ts";
import { say } from "../../../local/say.ts";
import { askHost } from "./askHost.ts";
import { explainDetour, explainFinding, type KnownServer } from "./finding.ts";
import { reachEnvironment } from "./reachEnvironment.ts";

/** Milliseconds: for a record that has just been made, and for what was met at the one before. */
const patience = { all: 60_000, address: 10_000, between: 2_000 };

const request = reachEnvironment.read(process.env);
const given = request.caCertificate === "" ? [] : [request.caCertificate];
const asking = {
    resolve: addressesOf,
    trusted: [...getCACertificates("default"), ...getCACertificates("system"), ...given],
    port: 443,
    patience: patience.address,
};

const { server: name, addresses: listed } = request;
const server = { name, addresses: listed.length > 0 ? listed : await addressesOf(name).catch(() => []) };
const unreached = (await Promise.all(request.hostnames.map((name) => waitFor(name, server)))).flatMap(
    (problem) => problem ?? [],
);
for (const problem of unreached) say(problem);
if (unreached.length > 0) {
    const ignoring = setCommand(configurationPath("experiment", "checkFromHere"), "false");
    say(
        forReader(
            `The app runs on the server, and \`up\` stops here, before a launch: after mending it, run \`pulumi up\` again; if participants reach it and only this machine cannot, \`${ignoring}\` first`,
        ),
    );
    process.exitCode = 1;
}

/** Asks until the host is reached, or says at the end why it was not. */
async function waitFor(hostname: string, known: KnownServer): Promise<string | undefined> {
    const deadline = performance.now() + patience.all;
    say(`asking for https://${hostname} from this machine`);
    let reported: string | undefined;
    while (true) {
        const finding = await askHost(hostname, asking);
        const problem = explainFinding(hostname, finding, known);
        if (finding.kind === "reached") return sayReached(hostname, finding.address, known);
        if (performance.now() > deadline) return problem;
        if (problem !== reported) say(`not yet: ${problem}`);
        reported = problem;
        await setTimeout(patience.between);
    }
}

function sayReached(hostname: string, address: string, known: KnownServer): undefined {
    const detour = explainDetour(hostname, address, known);
    if (detour !== undefined) say(detour);
}

async function addressesOf(hostname: string): Promise<string[]> {
    if (isIP(hostname) !== 0) return [hostname];
    const found = await lookup(hostname, { all: true, order: "ipv4first" });
    return found.map(({ address }) => address);
}
