import { z } from "zod";
import { described, describedMap } from "../checking/blockShape.ts";
import { configurationPath, removeCommand, setCommand, setSecretCommand } from "../checking/configurationPath.ts";
import { EXAMPLE_KEY, isKeyType, keyLength, scanCommand } from "../checking/hostKeys.ts";
import type { Problem } from "../checking/problems.ts";
import { property } from "../checking/rawValue.ts";

/** Where an app's backups are kept beside its server: a repository of restic's. */
export interface BackupRepository {
    /** As restic names it: `s3:https://HOST/BUCKET/PATH`, or `sftp:USER@HOST:/PATH`. */
    readonly url: string;
    /** Port of the sftp server. Defaults to 22. */
    readonly port?: number | undefined;
    /** Public host key of the sftp server, as `type base64`; there for sftp. */
    readonly hostKey?: string | undefined;
    /** Certificate in PEM of the authority that has issued the S3 server's, where it is no public one. */
    readonly caCertificate?: string | undefined;
}

const HOST = `[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?`;
const S3 = new RegExp(String.raw`^s3:https://${HOST}(:\d{1,5})?(/[A-Za-z0-9][A-Za-z0-9._-]*)+/?$`);
const SFTP = new RegExp(`^sftp:[a-z_][a-z0-9_.-]*@(${HOST}):(/[A-Za-z0-9_][A-Za-z0-9._-]*)+/?$`);
const URL = "s3:https://HOST/BUCKET/PATH, or sftp:USER@HOST:/PATH";

const hostKey = z.string().superRefine((text, context) => {
    const [type = "", base64 = ""] = text.trim().split(/\s+/);
    if (!isKeyType(type) || keyLength(type, base64) === undefined)
        context.addIssue(
            `must be the type and the base64 text of the sftp server's public host key, such as "${EXAMPLE_KEY}"`,
        );
});

/** Shape of `experiment.backup.repository`. */
export const repositoryShape = describedMap("Where every backup goes, too, encrypted by restic", {
    url: described(z.string().regex(new RegExp(`${S3.source}|${SFTP.source}`)), {
        description: "The repository, which is made where there is none; several apps may share one, and its password",
        expected: URL,
        example: "s3:https://s3.lab.example/backups/recall",
    }),
    port: described(z.int().min(1).max(65_535).optional(), {
        description: "Port of the sftp server",
        expected: "a port from 1 to 65535",
        example: "22",
        defaultsTo: "22",
    }),
    hostKey: described(hostKey.optional(), {
        description: "Public host key of the sftp server; nothing is sent to a host whose key is not known",
        expected: "a public host key, as ssh-keyscan prints it",
        defaultsTo: "required for sftp",
    }),
    caCertificate: described(
        z
            .string()
            .regex(/^\s*-----BEGIN CERTIFICATE-----\s/)
            .optional(),
        {
            description:
                "Certificate of the authority that the S3 server's certificate is of, where that is no public one",
            expected: "a certificate in PEM",
            defaultsTo: "public authorities",
        },
    ),
});

const secretLine = (description: string, expected: string) =>
    described(
        z
            .string()
            .regex(/^[^\r\n]{1,500}$/)
            .optional(),
        { description, expected },
    );

/** Shape of the block `experimentSecrets`. */
export const experimentSecretsShape = z.strictObject({
    backupPassword: secretLine(
        "Password by which the repository of the backups is encrypted: without it they are lost",
        "a password, in one line",
    ),
    backupAccessKeyId: secretLine("Who reads and writes a repository in S3", "an access key's id, in one line"),
    backupSecretAccessKey: secretLine("Its secret", "an access key's secret, in one line"),
    backupPrivateKey: described(
        z
            .string()
            .regex(/-----BEGIN (OPENSSH|RSA|EC) PRIVATE KEY-----/)
            .optional(),
        {
            description: "Private key to log in with at the sftp server, one for this alone",
            expected: "an OpenSSH private key without passphrase",
        },
    ),
});

/** The block `experimentSecrets`, checked. Its values are secret. */
export type ExperimentSecrets = Readonly<z.infer<typeof experimentSecretsShape>>;

type Key = keyof ExperimentSecrets;

/** Which secrets a repository needs, and which of its keys have no meaning there. */
const KINDS = {
    s3: { needs: ["backupPassword", "backupAccessKeyId", "backupSecretAccessKey"], without: ["port", "hostKey"] },
    sftp: { needs: ["backupPassword", "backupPrivateKey"], without: ["caCertificate"] },
} as const satisfies Record<string, { needs: readonly Key[]; without: readonly string[] }>;

/** A repository and what opens it go together; looks at what is there, right or wrong. */
export function checkRepository(experiment: unknown, secrets: unknown): Problem[] {
    const repository = property(property(experiment, "backup"), "repository");
    const there = Object.keys(experimentSecretsShape.shape).filter((key) => property(secrets, key) !== undefined);
    const url = property(repository, "url");
    if (repository === undefined) return there.map((key) => lonely(key, "experiment.backup.repository"));
    if (typeof url !== "string") return [];
    const kind = url.startsWith("sftp:") ? "sftp" : "s3";
    const { needs, without } = KINDS[kind];
    const path = (key: string) => configurationPath("experiment", "backup", "repository", key);
    const missing = needs.filter((key) => !there.includes(key));
    return [
        ...missing.map((key) => {
            const at = configurationPath("experimentSecrets", key);
            return { path: at, message: `is required with a repository of ${kind}`, fix: setSecretCommand(at) };
        }),
        ...there
            .filter((key) => !needs.some((needed) => needed === key))
            .map((key) => lonely(key, `another repository than one of ${kind}`)),
        ...without
            .filter((key) => property(repository, key) !== undefined)
            .map((key) => ({ path: path(key), message: `has no meaning with ${kind}`, fix: removeCommand(path(key)) })),
        ...(kind === "sftp" && property(repository, "hostKey") === undefined
            ? [missingKey(url, property(repository, "port"))]
            : []),
    ];
}

function lonely(key: string, user: string): Problem {
    const path = configurationPath("experimentSecrets", key);
    return { path, message: `is used only with ${user}`, fix: removeCommand(path) };
}

function missingKey(url: string, port: unknown): Problem {
    const [, host = "HOST"] = SFTP.exec(url) ?? [];
    const path = configurationPath("experiment", "backup", "repository", "hostKey");
    const scan = scanCommand(host, typeof port === "number" ? port : 22);
    return {
        path,
        message: `is required with sftp: nothing is sent to a host whose key is not known; \`${scan}\` prints what it shows`,
        fix: setCommand(path, EXAMPLE_KEY),
    };
}
