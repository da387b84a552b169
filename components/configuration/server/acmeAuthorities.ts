import { configurationPath, setCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";

/** An authority that issues certificates by ACME. */
export interface AcmeAuthority {
    /** Address of its directory. */
    readonly directory: string;
    /** Certificates in PEM to trust besides the public ones: of who issues there, and of the directory's own address. */
    readonly caCertificate?: string;
}

/** What of the mode acme says who issues. */
export interface AcmeChoice {
    /** Directory of the one authority; the same as `authorities` with one that is trusted publicly. */
    readonly ca?: string;
    /** Tried in this order. */
    readonly authorities?: readonly AcmeAuthority[];
}

/** Directory of Let's Encrypt: the authority where the configuration names none. */
export const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

/** Directory for trials of Let's Encrypt: its limits are far away, and nobody trusts what it issues. */
export const LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";

/** Where the certificates of the authority behind that directory are listed. */
const STAGING_ROOTS = "https://letsencrypt.org/docs/staging-environment/";

/** The authorities that are asked, in their order; at least one, and no other than the configuration says. */
export function acmeAuthorities({ ca, authorities }: AcmeChoice): readonly AcmeAuthority[] {
    return authorities ?? [{ directory: ca ?? LETS_ENCRYPT }];
}

/** What cannot go together or cannot work. */
export function checkAuthorities(choice: AcmeChoice): Problem[] {
    const path = configurationPath("server", "tls", "ca");
    if (choice.ca !== undefined && choice.authorities !== undefined) {
        const message = "says the same as tls.authorities[0].directory: only one of both can stand there";
        return [{ path, message, fix: `pulumi config rm --path '${path}'` }];
    }
    return acmeAuthorities(choice).flatMap(({ directory, caCertificate }, index) =>
        directory === LETS_ENCRYPT_STAGING && caCertificate === undefined
            ? [untrustedStaging(index, choice.ca !== undefined)]
            : [],
    );
}

/** Left alone, each `up` would wait for a certificate that it can only refuse. */
function untrustedStaging(index: number, byAlias: boolean): Problem {
    const path = configurationPath("server", "tls", "authorities", index, "caCertificate");
    const alias = configurationPath("server", "tls", "ca");
    const directory = configurationPath("server", "tls", "authorities", index, "directory");
    const moved = [`pulumi config rm --path '${alias}'`, setCommand(directory, LETS_ENCRYPT_STAGING)];
    const message = `is required: nobody trusts what this directory issues. Save the root certificates that ${STAGING_ROOTS} lists, one after the other, in a file`;
    const set = setCommand(path, "file:certificates/staging.pem");
    return { path, message, fix: [...(byAlias ? moved : []), set].join("\n") };
}
