import { z } from "zod";
import { type CheckedBlock, checkBlock } from "../checking/blockProblems.ts";
import { described } from "../checking/blockShape.ts";

/** As authorities give it out: base64url (RFC 8555, section 7.3.4), which some fill up at its end. */
const macKey = described(z.string().regex(/^[\w-]{16,}={0,2}$/), {
    description: "MAC key of an account with an authority, by its key id",
    expected: "a MAC key in base64url",
});

/** Shape of the block `serverSecrets`. */
export const serverSecretsShape = z.strictObject({
    privateKey: described(z.string().superRefine(checkPrivateKey).optional(), {
        description: "Private key to log in with, one per stack; it is then copied into the state, encrypted",
        expected: "an OpenSSH private key without passphrase",
        defaultsTo: "the ssh agent",
    }),
    tlsKey: described(z.string().superRefine(checkTlsKey).optional(), {
        description: "Private key of server.tls.certificate (mode custom)",
        expected: "a private key in PEM without passphrase",
    }),
    externalAccountKeys: described(z.record(z.string(), macKey).optional(), {
        description: "MAC keys of the accounts that server.tls.authorities name, by their key ids (mode acme)",
        expected: "a map of MAC keys in base64url, as the authorities have given them out",
    }),
    registryPassword: described(
        z
            .string()
            .regex(/^[^\r\n]+$/)
            .optional(),
        {
            description: "Password or token of experiment.image.registryUser; one that may only pull is enough",
            expected: "a password or a token, in one line",
        },
    ),
});

/** The block `serverSecrets`, checked. Its values are secret. */
export interface ServerSecrets {
    readonly privateKey?: string;
    readonly tlsKey?: string;
    /** Key id -> MAC key, in base64url and not filled up. */
    readonly externalAccountKeys?: Readonly<Record<string, string>>;
    readonly registryPassword?: string;
}

/** Checks the block `serverSecrets`; no message holds a value. */
export function checkServerSecrets(raw: unknown): CheckedBlock<ServerSecrets> {
    const { value, problems } = checkBlock(
        { block: "serverSecrets", shape: serverSecretsShape, secret: true },
        raw ?? {},
    );
    if (value === undefined) return { problems };
    const { privateKey, tlsKey, externalAccountKeys, registryPassword } = value;
    return {
        value: {
            ...(privateKey !== undefined && { privateKey }),
            ...(tlsKey !== undefined && { tlsKey }),
            ...(externalAccountKeys !== undefined && { externalAccountKeys: unfilled(externalAccountKeys) }),
            ...(registryPassword !== undefined && { registryPassword }),
        },
        problems: [],
    };
}

function unfilled(keys: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(keys).map(([id, key]) => [id, key.replace(/=+$/, "")]));
}

function checkPrivateKey(text: string, context: z.RefinementCtx): void {
    if (!/-----BEGIN (OPENSSH|RSA|EC) PRIVATE KEY-----/.test(text)) {
        context.addIssue("must be an OpenSSH private key, with its BEGIN and END lines");
    } else if (isEncrypted(text)) {
        context.addIssue(
            "is protected by a passphrase, which nobody is there to type; use the agent or a deploy key without one",
        );
    }
}

function checkTlsKey(text: string, context: z.RefinementCtx): void {
    if (!/-----BEGIN ((RSA|EC) )?PRIVATE KEY-----/.test(text)) {
        context.addIssue("must be a private key in PEM without passphrase, with its BEGIN and END lines");
    }
}

/** In the OpenSSH format the cipher's name follows the magic `openssh-key-v1`; older formats say it in a header. */
function isEncrypted(pem: string): boolean {
    if (pem.includes("ENCRYPTED")) return true;
    const [, body = ""] = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(pem) ?? [];
    const blob = Buffer.from(body, "base64");
    return blob.length > 23 && blob.subarray(19, 23).toString("latin1") !== "none";
}
