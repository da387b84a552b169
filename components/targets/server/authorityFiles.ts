import { createHash } from "node:crypto";
import { type AcmeChoice, acmeAuthorities } from "../../configuration/server/acmeAuthorities.ts";

/** Certificates that Caddy trusts when it asks an authority. */
export interface AuthorityFile {
    /** Address of the authority's directory. */
    readonly directory: string;
    /** Below Caddy's folder. It changes with the content: Caddy compares configurations, not the files that they name. */
    readonly path: string;
    readonly content: string;
}

/**
 * Place below Caddy's folder of an external account's MAC key: the Caddyfile, which everybody on the server can read and which Caddy's
 * copies of its configuration follow, names the file in its place.
 */
export function accountKeyPath(keyId: string): string {
    return `tls/account-${hashOf(keyId)}.mac`;
}

/** The files of the authorities that no public certificate vouches for. */
export function authorityFiles(choice: AcmeChoice): AuthorityFile[] {
    return acmeAuthorities(choice).flatMap(({ directory, caCertificate }) => {
        if (caCertificate === undefined) return [];
        return [{ directory, path: `tls/authority-${hashOf(caCertificate)}.pem`, content: `${caCertificate}\n` }];
    });
}

function hashOf(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
