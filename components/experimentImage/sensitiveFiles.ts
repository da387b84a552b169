import { basename } from "node:path";

/** Names whose files hold passwords, tokens or keys whatever is in them. */
const SENSITIVE_NAMES: readonly RegExp[] = [
    /^\.env(\.(?!example$|sample$|template$|dist$).*)?$/,
    /^\.dallingerconfig$/,
    /^\.(netrc|pgpass|pypirc|git-credentials|htpasswd)$/,
    /^id_(rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk)$/,
    /\.(p12|pfx|jks|ppk|kdbx)$/,
];

const PRIVATE_KEY = /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/m;

/** Says why a file must not get into an image, as the rest of a sentence that starts with its path; nothing if it may. */
export function sensitiveReason(path: string, content: Buffer): string | undefined {
    const name = basename(path);
    if (SENSITIVE_NAMES.some((pattern) => pattern.test(name))) return "is a file for passwords, tokens or keys";
    // Latin 1 reads any bytes: what is looked for is ASCII.
    if (PRIVATE_KEY.test(content.toString("latin1"))) return "holds a private key";
    return undefined;
}
