import { z } from "zod";
import { described } from "../checking/blockShape.ts";
import { configurationPath, setCommand } from "../checking/configurationPath.ts";
import { EXAMPLE_KEY } from "../checking/hostKeys.ts";
import { ipAddress, isHostAddress, isHostName, WILDCARD } from "../checking/hostNames.ts";
import { isImageReference, isPinnedReference } from "../checking/imageReference.ts";
import { PLATFORMS } from "../checking/platform.ts";
import { SERVICE_IMAGES } from "../checking/serviceImages.ts";
import { LETS_ENCRYPT, LETS_ENCRYPT_STAGING } from "./acmeAuthorities.ts";
import { parseHostKey } from "./hostKey.ts";

/** Who issues certificates: an authority, the server itself, or the person who deploys. */
export const TLS_MODES = ["internal", "acme", "custom"] as const;

/** With the longest name of an app before it, a host name still has at most 253 characters. */
const LONGEST_DNS_HOST = 212;

/** The same with the longest IPv4 address between both. */
const LONGEST_WILDCARD = LONGEST_DNS_HOST - "255-255-255-255.".length;

const PEM = "a certificate in PEM, or `file:` and its path relative to Pulumi.yaml";

const host = z.string().superRefine((text, context) => {
    if (text.includes("@")) context.addIssue("holds a user name: that one goes to dallinger:server.user");
    else if (/:\d+$/.test(text)) context.addIssue("holds a port: that one goes to dallinger:server.port");
    else if (!isHostAddress(text)) context.addIssue("must be an IPv4 address or a host name in lower case");
});

/** Why a wildcard service is no DNS name of the server's. */
const WILDCARD_SERVICES: Readonly<Record<string, string>> = {
    "nip.io": "must be left out: names of nip.io are what an IPv4 address gets",
    "sslip.io": `must be left out: it is a wildcard service, by which apps are found with \`${setCommand(configurationPath("server", "wildcard"), "sslip.io")}\``,
};

const dnsHost = z.string().superRefine((text, context) => {
    if (text in WILDCARD_SERVICES) context.addIssue(WILDCARD_SERVICES[text] ?? "");
    else if (!isHostName(text) || text.length > LONGEST_DNS_HOST)
        context.addIssue("must be a DNS name in lower case below which each app gets its host name");
});

const wildcard = z.string().superRefine((text, context) => {
    if (!isHostName(text) || !text.includes(".") || text.length > LONGEST_WILDCARD)
        context.addIssue("must be the DNS name of a wildcard service in lower case, such as nip.io or sslip.io");
});

const addresses = z
    .array(
        described(
            z.string().refine((text) => ipAddress(text) !== undefined, "must be an IPv4 or IPv6 address"),
            {
                description: "An address",
                expected: "an IPv4 or IPv6 address",
                example: "203.0.113.7",
            },
        ),
    )
    .min(1)
    .superRefine((texts, context) => {
        if (new Set(texts.map(ipAddress)).size < texts.length) context.addIssue("names one address twice");
    });

const hostKey = z.string().superRefine((text, context) => {
    const parsed = parseHostKey(text);
    if ("wrong" in parsed) context.addIssue(parsed.wrong);
});

const email = z.string().regex(/^[^\s@]+@[^\s@]+$/);
/** The value is not shown: what stands here by mistake may be a private key. */
const pem = z.string().superRefine((text, context) => {
    if (!/^(file:.|\s*-----BEGIN CERTIFICATE-----\s)/.test(text)) context.addIssue(`must be ${PEM}`);
});

const mode = <T extends (typeof TLS_MODES)[number]>(name: T) =>
    described(z.literal(name), {
        description: "Who issues the certificates: a public authority, the server itself, or you",
        expected: "acme, internal or custom",
        example: "acme",
    });

/** What stands in the server's Caddyfile as it is: no space, and nothing that Caddy would read as a placeholder or a block. */
const directory = z.string().regex(/^https:\/\/[^\s"`{}]+$/);
const keyId = z.string().regex(/^[^\s"`{}#]+$/);

const authority = z.strictObject({
    directory: described(directory, {
        description: "Directory of an ACME authority (mode acme)",
        expected: "an https address",
        example: LETS_ENCRYPT_STAGING,
    }),
    caCertificate: described(pem.optional(), {
        description:
            "Certificates to trust besides the public ones, one after the other: of who issues there, and of who has signed the directory's own certificate (mode acme)",
        expected: PEM,
        example: "file:certificates/staging.pem",
        defaultsTo: "the public ones do",
    }),
    externalAccount: described(keyId.optional(), {
        description:
            "Key id of your account with that authority, where it issues for its members only; its key is in serverSecrets.externalAccountKeys (mode acme)",
        expected: "a key id as the authority has given it out",
        example: "kid-1",
        defaultsTo: "anybody gets certificates there",
    }),
});

const tls = z.discriminatedUnion("mode", [
    z.strictObject({ mode: mode("internal") }),
    z.strictObject({
        mode: mode("acme"),
        email: described(email, {
            description: "Address that the certificate authority writes to (mode acme)",
            expected: "an e-mail address",
            example: "it@lab.example",
        }),
        ca: described(directory.optional(), {
            description: "Directory of the one authority, where it is a publicly trusted one (mode acme)",
            expected: "an https address",
            example: LETS_ENCRYPT,
            defaultsTo: "that of Let's Encrypt",
        }),
        authorities: described(z.array(authority).min(1).optional(), {
            description: "Authorities in the order in which they are asked, in place of `ca` (mode acme)",
            expected: "a list of maps with directory, caCertificate, externalAccount",
            defaultsTo: "`ca` alone",
        }),
        staging: described(z.boolean().optional(), {
            description:
                "Whether Let's Encrypt's directory for trials is asked in place of its own: it issues plenty, and nobody trusts it (mode acme)",
            expected: "true or false",
            example: "true",
            defaultsTo: "false",
        }),
        stagingCaCertificate: described(pem.optional(), {
            description:
                "Certificates to trust while `staging` is on, one after the other; it can stay while that is off (mode acme)",
            expected: PEM,
            example: "file:certificates/staging.pem",
        }),
    }),
    z.strictObject({
        mode: mode("custom"),
        certificate: described(pem, {
            description: "Certificate chain for the apps' host names (mode custom); its key is serverSecrets.tlsKey",
            expected: PEM,
            example: "file:certificates/lab.pem",
        }),
        caCertificate: described(pem.optional(), {
            description: "Certificate of the authority that has signed that chain, if no public one did (mode custom)",
            expected: PEM,
            example: "file:certificates/university.pem",
            defaultsTo: "the public ones do",
        }),
    }),
]);

const image = (service: keyof typeof SERVICE_IMAGES) =>
    described(z.string().refine(isImageReference, "must be an image reference, such as postgres:17").optional(), {
        description: `Image of ${service}`,
        expected: "an image reference",
        example: SERVICE_IMAGES[service],
        defaultsTo: SERVICE_IMAGES[service],
    });

const meaning = (service: keyof typeof SERVICE_IMAGES) =>
    described(
        z
            .string()
            .refine(isPinnedReference, "must be an image reference with a digest, such as postgres:17@sha256:…")
            .optional(),
        {
            description: `What the image of ${service} means`,
            expected: "the image reference and its digest",
            example: `${SERVICE_IMAGES[service]}@sha256:…`,
        },
    );

/** Shape of the block `server`. */
export const serverShape = z.strictObject({
    host: described(host, {
        description: "Address that ssh connects to",
        expected: "an IPv4 address or a host name in lower case",
        example: "203.0.113.7",
    }),
    port: described(z.int().min(1).max(65535).optional(), {
        description: "Port of ssh",
        expected: "a whole number from 1 to 65535",
        example: "22",
        defaultsTo: "22",
    }),
    user: described(
        z
            .string()
            .regex(/^[A-Za-z_][\w.-]{0,31}$/)
            .optional(),
        {
            description: "User to log in as: root, or one with sudo that asks for no password",
            expected: "a user name",
            example: "debian",
            defaultsTo: "root",
        },
    ),
    hostKey: described(hostKey, {
        description: "The server's public host key, as ssh-keyscan prints it; without it nothing is sent to the host",
        expected: "the type and the base64 text of a public key",
        example: EXAMPLE_KEY,
    }),
    dnsHost: described(dnsHost.optional(), {
        description:
            "DNS name below which each app gets its host name; it and everything below it resolve to the server",
        expected: "a DNS name in lower case",
        example: "lab.example",
        refused: WILDCARD_SERVICES,
        defaultsTo: "host, or `<a-b-c-d>.<wildcard>` when host is an IPv4 address",
    }),
    wildcard: described(wildcard.optional(), {
        description:
            "DNS service whose names say which address they mean, by which apps without a DNS name of your own are found: `<a-b-c-d>` is the first IPv4 address in `addresses`, or else host",
        expected: "the DNS name of such a service",
        example: "sslip.io",
        defaultsTo: WILDCARD,
    }),
    addresses: described(addresses.optional(), {
        description:
            "All addresses that the apps' host names resolve to, where they lead to something in front of the server, NAT or a proxy",
        expected: "a list of IPv4 and IPv6 addresses",
        defaultsTo: "those of host and, seen from the server, its own",
    }),
    engine: described(z.enum(["distribution", "docker"]).optional(), {
        description:
            "Where Docker Engine and Compose come from when they are missing: the distribution, or Docker's own packages",
        expected: "distribution or docker",
        example: "distribution",
        defaultsTo: "distribution",
    }),
    platform: described(z.enum(PLATFORMS).optional(), {
        description: "Platform of the server",
        expected: PLATFORMS.join(" or "),
        example: "linux/amd64",
        defaultsTo: "linux/amd64",
    }),
    tls: described(tls, {
        description: "Certificates of the apps",
        expected: "a map with `mode`: acme, internal or custom",
    }),
    images: described(
        z
            .strictObject({
                postgres: image("postgres"),
                redis: image("redis"),
                pgbouncer: image("pgbouncer"),
                caddy: image("caddy"),
            })
            .optional(),
        { description: "Images of the services", expected: "a map of images" },
    ),
    resolved: described(
        z
            .strictObject({
                postgres: meaning("postgres"),
                redis: meaning("redis"),
                pgbouncer: meaning("pgbouncer"),
                caddy: meaning("caddy"),
            })
            .optional(),
        {
            description:
                "What the tags of the images mean, as `./ops/dallinger resolve services` writes it; one of another reference than the image's does not count",
            expected: "a map of images by digest",
            defaultsTo: "what they meant first",
        },
    ),
    registryCa: described(pem.optional(), {
        description: "Certificate of the authority that signed your registry's certificate, if no public one did",
        expected: PEM,
        example: "file:certificates/registry-ca.pem",
        defaultsTo: "the authorities that the server trusts",
    }),
    discardBackups: described(z.boolean().optional(), {
        description: "Whether `destroy` may remove a server that holds backups which were not fetched",
        expected: "true or false",
        example: "false",
        defaultsTo: "false",
    }),
    mended: described(z.string().max(100).optional(), {
        description:
            "Written by `./ops/dallinger mend`: the next `up` brings the shared services to what the stack says",
        expected: "a text",
        example: "2026-01-01T00:00:00Z",
    }),
});
