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

/** The files of the authorities that no public certificate vouches for. */
export function authorityFiles(choice: AcmeChoice): AuthorityFile[] {
    return acmeAuthorities(choice).flatMap(({ directory, caCertificate }) => {
        if (caCertificate === undefined) return [];
        const hash = createHash("sha256").update(caCertificate).digest("hex").slice(0, 12);
        return [{ directory, path: `tls/authority-${hash}.pem`, content: `${caCertificate}\n` }];
    });
}
