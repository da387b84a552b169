import { z } from "zod";
import { type CheckedBlock, checkBlock } from "../checking/blockProblems.ts";
import { described } from "../checking/blockShape.ts";

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
    readonly registryPassword?: string;
}

/** Checks the block `serverSecrets`; no message holds a value. */
export function checkServerSecrets(raw: unknown): CheckedBlock<ServerSecrets> {
    const { value, problems } = checkBlock(
        { block: "serverSecrets", shape: serverSecretsShape, secret: true },
        raw ?? {},
    );
    if (value === undefined) return { problems };
    const { privateKey, tlsKey, registryPassword } = value;
    return {
        value: {
            ...(privateKey !== undefined && { privateKey }),
            ...(tlsKey !== undefined && { tlsKey }),
            ...(registryPassword !== undefined && { registryPassword }),
        },
        problems: [],
    };
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
