import { configurationPath, removeCommand, setCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";

/** An authority that issues certificates by ACME. */
export interface AcmeAuthority {
    /** Address of its directory. */
    readonly directory: string;
    /** Certificates in PEM to trust besides the public ones: of who issues there, and of the directory's own address. */
    readonly caCertificate?: string;
    /** Key id of the account that one has there already, and that the account of the server is to belong to. */
    readonly externalAccount?: string;
}

/** What of the mode acme says who issues. */
export interface AcmeChoice {
    /** Directory of the one authority; the same as `authorities` with one that is trusted publicly. */
    readonly ca?: string;
    /** Tried in this order. */
    readonly authorities?: readonly AcmeAuthority[];
    /** Whether Let's Encrypt's directory for trials is asked in place of its own. Defaults to false. */
    readonly staging?: boolean;
    /** Certificates in PEM to trust while `staging` is on: of who issues there. */
    readonly stagingCaCertificate?: string;
}

/** Directory of Let's Encrypt: the authority where the configuration names none. */
export const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

/** Directory for trials of Let's Encrypt: its limits are far away, and nobody trusts what it issues. */
export const LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";

/** Where the certificates of the authority behind that directory are listed. */
const STAGING_ROOTS = "https://letsencrypt.org/docs/staging-environment/";

/** The authorities that are asked, in their order; at least one, and no other than the configuration says. */
export function acmeAuthorities(choice: AcmeChoice): readonly AcmeAuthority[] {
    const asked = named(choice);
    return choice.staging ? asked.map((authority) => onTrial(authority, choice)) : asked;
}

function named({ ca, authorities }: AcmeChoice): readonly AcmeAuthority[] {
    return authorities ?? [{ directory: ca ?? LETS_ENCRYPT }];
}

/** What is trusted for trials counts for these only: else a certificate that nobody trusts would pass for a real one afterwards. */
function onTrial(authority: AcmeAuthority, { stagingCaCertificate }: AcmeChoice): AcmeAuthority {
    if (authority.directory !== LETS_ENCRYPT) return authority;
    const trusted = stagingCaCertificate !== undefined && { caCertificate: stagingCaCertificate };
    return { directory: LETS_ENCRYPT_STAGING, ...trusted };
}

/** What cannot go together or cannot work. */
export function checkAuthorities(choice: AcmeChoice): Problem[] {
    const path = configurationPath("server", "tls", "ca");
    if (choice.ca !== undefined && choice.authorities !== undefined) {
        const message = "says the same as tls.authorities[0].directory: only one of both can stand there";
        return [{ path, message, fix: removeCommand(path) }];
    }
    return [
        ...named(choice).flatMap(({ directory, caCertificate }, index) =>
            directory === LETS_ENCRYPT_STAGING && caCertificate === undefined
                ? [choice.ca === undefined ? untrustedAuthority(index) : stagingByAlias(path)]
                : [],
        ),
        ...checkSwitch(choice),
    ];
}

const untrusted = `is required: nobody trusts what Let's Encrypt issues for trials. Save the root certificates that ${STAGING_ROOTS} lists, one after the other, in a file`;
const rootsFile = "file:certificates/staging.pem";
const switchPath = configurationPath("server", "tls", "staging");
const rootsPath = configurationPath("server", "tls", "stagingCaCertificate");

/** Left alone, each `up` would wait for a certificate that it can only refuse. */
function untrustedAuthority(index: number): Problem {
    const path = configurationPath("server", "tls", "authorities", index, "caCertificate");
    return { path, message: untrusted, fix: setCommand(path, rootsFile) };
}

function stagingByAlias(path: string): Problem {
    const message = "is Let's Encrypt's directory for trials, which tls.staging switches on and off";
    return { path, message, fix: `${removeCommand(path)}\n${setCommand(switchPath, "true")}` };
}

function checkSwitch(choice: AcmeChoice): Problem[] {
    if (choice.staging !== true) return [];
    if (!named(choice).some(({ directory }) => directory === LETS_ENCRYPT)) {
        const message =
            "is for Let's Encrypt, and another authority is named: name that one's own directory for trials";
        return [{ path: switchPath, message, fix: removeCommand(switchPath) }];
    }
    if (choice.stagingCaCertificate !== undefined) return [];
    return [{ path: rootsPath, message: untrusted, fix: setCommand(rootsPath, rootsFile) }];
}
