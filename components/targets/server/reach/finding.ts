import { isIPv4 } from "node:net";
import { caddyContainer } from "../serverNames.ts";

/** Why an address did not give the page. */
export type Failure =
    /** Nothing listens there, or a firewall says so. */
    | { readonly kind: "refused" }
    /** No answer in time. */
    | { readonly kind: "silent" }
    /** This machine's network has no way there. */
    | { readonly kind: "unreachable" }
    /** A connection, but no TLS that is trusted. */
    | { readonly kind: "untrusted"; readonly reason: string }
    | { readonly kind: "status"; readonly status: number }
    /** Broken off after the request. */
    | { readonly kind: "broken"; readonly reason: string };

/** What was found when a host name was asked for its page. */
export type Finding =
    | { readonly kind: "reached"; readonly address: string }
    /** DNS has no address for the name. */
    | { readonly kind: "unknown" }
    /** DNS itself has given no answer. */
    | { readonly kind: "undecided"; readonly reason: string }
    /** At none of the addresses that DNS has; at least one. */
    | {
          readonly kind: "failed";
          readonly attempts: readonly { readonly address: string; readonly failure: Failure }[];
      };

/** The server, as this machine knows it. */
export interface KnownServer {
    /** As the configuration names it. */
    readonly name: string;
    /** Its addresses; empty when its name is unknown here. */
    readonly addresses: readonly string[];
}

/** What to tell of a finding and what to do about it, in a line; nothing when all is well. */
export function explainFinding(hostname: string, finding: Finding, server: KnownServer): string | undefined {
    switch (finding.kind) {
        case "reached":
            return undefined;
        case "unknown":
            return `${hostname} has no address in DNS: make a record for it that leads to the server, ${named(server)}, and wait until it is known here`;
        case "undecided":
            return `${hostname} cannot be looked up, because this machine's name server does not answer (${finding.reason}): see to this machine's network`;
        case "failed":
            return explainFailed(hostname, finding.attempts, server);
        default:
            return finding satisfies never;
    }
}

/** What to tell of a host that is reached, but not at an address of the server's: a proxy, or another server. Nothing when it is. */
export function explainDetour(hostname: string, address: string, server: KnownServer): string | undefined {
    const comparable = server.addresses.filter((own) => isIPv4(own) === isIPv4(address));
    if (comparable.length === 0 || comparable.includes(address)) return undefined;
    return `${hostname} answers at ${address}, and the server is ${named(server)}: right where something stands in between, wrong where that is another server`;
}

type Attempts = Extract<Finding, { kind: "failed" }>["attempts"];

/** An address that is not the server's explains more than what was met there. */
function explainFailed(hostname: string, attempts: Attempts, server: KnownServer): string {
    const addresses = attempts.map(({ address }) => address);
    const elsewhere = server.addresses.length > 0 && !addresses.some((address) => server.addresses.includes(address));
    const [{ address, failure } = { address: server.name, failure: { kind: "silent" } as const }] = attempts;
    const [met, advice] = explainFailure(failure);
    if (!elsewhere) return `https://${hostname} is not reached from this machine: ${address} ${met}${advice}`;
    return `${hostname} has the address ${addresses.join(" and ")} in DNS, which ${met}, and the server is ${named(server)}: correct the record, or wait until the former one has expired`;
}

/** What an address does, and what may be behind it. */
function explainFailure(failure: Failure): readonly [string, string] {
    const ports = "a firewall, perhaps the provider's, has to let ports 80 and 443 through";
    switch (failure.kind) {
        case "refused":
            return ["refuses connections to port 443", `: ${ports}; \`./ops/dallinger check\` says whether Caddy runs`];
        case "silent":
            return ["does not answer at port 443", `: ${ports}`];
        case "unreachable":
            return ["is an address that this machine's network has no way to", ""];
        case "untrusted":
            return [
                `shows no certificate that is trusted here (${failure.reason})`,
                ": something else than the server may answer there, or stand between",
            ];
        case "status":
            return [
                `answers with status ${failure.status} instead of 200`,
                ": something else than the server may answer there; `./ops/dallinger check` says what of the app does not run",
            ];
        case "broken":
            return [
                `breaks the connection off (${failure.reason})`,
                `: something between here and the server does, or Caddy: \`docker logs ${caddyContainer}\` there says`,
            ];
        default:
            return failure satisfies never;
    }
}

function named({ name, addresses }: KnownServer): string {
    return addresses.length === 0 || addresses.includes(name) ? name : `${name} (${addresses.join(", ")})`;
}
