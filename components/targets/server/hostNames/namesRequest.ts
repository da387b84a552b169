import { createHash } from "node:crypto";
import { acmeAuthorities } from "../../../configuration/server/acmeAuthorities.ts";
import type { ServerTls } from "../../../configuration/server/serverConfiguration.ts";
import type { ServerOutput } from "../../../configuration/server/serverOutput.ts";
import type { PayloadFile } from "../../../remote/payload.ts";

/** Host names, and the server that they have to lead to before anything is changed there. */
export interface NamesRequest {
    readonly hostnames: readonly string[];
    /** Address that ssh connects to: an IPv4 address or a host name. */
    readonly host: string;
    /** All addresses that the names may resolve to; empty where those of `host` and the server's own are meant. */
    readonly addresses: readonly string[];
    /** Who issues the certificates, in any words: where that changes, the names are looked up once more. */
    readonly issuer: string;
}

/** Who issues, as a server's configuration says it. */
export function issuerOf(tls: ServerTls): string {
    return tls.mode === "acme"
        ? acmeAuthorities(tls)
              .map(({ directory }) => directory)
              .join(" ")
        : tls.mode;
}

/** Who issues, as the stack that has prepared a server says it. */
export function issuerOfOutput({ tls, caCertificate }: ServerOutput): string {
    return `${tls ?? ""} ${createHash("sha256").update(caCertificate).digest("hex").slice(0, 12)}`;
}

/** The file `names` of a claim's payload (templates/shared/names.sh); none where there is no name to look up. */
export function namesFile({ hostnames, host, addresses, issuer }: NamesRequest): PayloadFile[] {
    if (hostnames.length === 0) return [];
    const lines = [
        `host ${host}`,
        ...addresses.map((address) => `address ${address}`),
        `issuer ${issuer}`,
        ...hostnames.map((name) => `name ${name}`),
    ];
    return [{ path: "names", content: lines.map((line) => `${line}\n`).join("") }];
}
