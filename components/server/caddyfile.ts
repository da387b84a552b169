import type { ServerConfiguration } from "../configuration/serverConfiguration.ts";

/** What the server's Caddyfile depends on. */
export interface CaddyfileSpec {
    readonly tls: ServerConfiguration["tls"];
    /** A name of the server itself; with `internal` it gets the site by which Caddy makes its CA. */
    readonly serverName: string;
}

/**
 * Renders the server's Caddyfile. Apps' site files are imported from `sites` and import `dallinger_tls` themselves.
 *
 * `grace_period`: without it a reload waits for ever for open websockets (Caddy's global options).
 */
export function renderCaddyfile({ tls, serverName }: CaddyfileSpec): string {
    const blocks = [
        ["{", "\tgrace_period 30s", "\tskip_install_trust", ...issuer(tls).map((line) => `\t${line}`), "}"],
        ["(dallinger_tls) {", `\t${tlsLine(tls)}`, "}"],
        tls.mode === "internal" ? [`${serverName} {`, "\timport dallinger_tls", "\trespond 404", "}"] : [],
        ["import sites/*.caddy"],
    ];
    return `${blocks
        .filter((block) => block.length > 0)
        .map((block) => block.join("\n"))
        .join("\n\n")}\n`;
}

function issuer(tls: ServerConfiguration["tls"]): string[] {
    return tls.mode === "acme" && tls.ca !== undefined ? [`acme_ca ${tls.ca}`] : [];
}

function tlsLine(tls: ServerConfiguration["tls"]): string {
    switch (tls.mode) {
        case "internal":
            return "tls internal";
        case "acme":
            return `tls ${tls.email}`;
        case "custom":
            return "tls /etc/caddy/tls/certificate.pem /etc/caddy/tls/key.pem";
        default:
            return tls satisfies never;
    }
}
