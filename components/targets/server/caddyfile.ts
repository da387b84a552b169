import { type AcmeChoice, acmeAuthorities } from "../../configuration/server/acmeAuthorities.ts";
import type { ServerConfiguration } from "../../configuration/server/serverConfiguration.ts";
import { accountKeyPath, authorityFiles } from "./authorityFiles.ts";

/** What the server's Caddyfile depends on. */
export interface CaddyfileSpec {
    readonly tls: ServerConfiguration["tls"];
    /** A name of the server itself; with `internal` it gets the site by which Caddy makes its CA. */
    readonly serverName: string;
}

/** The public certificates in Caddy's image: who names some to trust besides has to name these as well. */
const PUBLIC_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Renders the server's Caddyfile. Apps' site files are imported from `sites` and import `dallinger_tls` themselves.
 *
 * `grace_period`: without it a reload waits for ever for open websockets (Caddy's global options).
 */
export function renderCaddyfile({ tls, serverName }: CaddyfileSpec): string {
    const blocks = [
        ["{", "\tgrace_period 30s", "\tskip_install_trust", "}"],
        ["(dallinger_tls) {", ...tlsLines(tls).map((line) => `\t${line}`), "}"],
        tls.mode === "internal" ? [`${serverName} {`, "\timport dallinger_tls", "\trespond 404", "}"] : [],
        ["import sites/*.caddy"],
    ];
    return `${blocks
        .filter((block) => block.length > 0)
        .map((block) => block.join("\n"))
        .join("\n\n")}\n`;
}

function tlsLines(tls: ServerConfiguration["tls"]): string[] {
    switch (tls.mode) {
        case "internal":
            return ["tls internal"];
        case "acme":
            return ["tls {", ...issuers(tls).map((line) => `\t${line}`), "}"];
        case "custom":
            return ["tls /etc/caddy/tls/certificate.pem /etc/caddy/tls/key.pem"];
        default:
            return tls satisfies never;
    }
}

/** Each by name: with nothing but an e-mail address, Caddy asks a second authority that the configuration does not name. */
function issuers(tls: AcmeChoice & { readonly email: string }): string[] {
    const files = authorityFiles(tls);
    return acmeAuthorities(tls).flatMap((authority) => {
        const file = files.find(({ directory }) => directory === authority.directory);
        const roots = file === undefined ? [] : [`\ttrusted_roots ${PUBLIC_CERTIFICATES} /etc/caddy/${file.path}`];
        const { externalAccount: id } = authority;
        const account = id === undefined ? [] : [`\teab ${id} {file./etc/caddy/${accountKeyPath(id)}}`];
        return [`issuer acme ${authority.directory} {`, `\temail ${tls.email}`, ...account, ...roots, "}"];
    });
}
