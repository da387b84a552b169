import type { z } from "zod";
import { type CheckedBlock, checkBlock } from "../checking/blockProblems.ts";
import { configurationPath, setCommand } from "../checking/configurationPath.ts";
import { EXAMPLE_KEY } from "../checking/hostKeys.ts";
import { ipAddress } from "../checking/hostNames.ts";
import type { Platform } from "../checking/platform.ts";
import type { Problem } from "../checking/problems.ts";
import { property } from "../checking/rawValue.ts";
import type { ReadFile } from "../checking/readFile.ts";
import { SERVICE_IMAGES } from "../checking/serviceImages.ts";
import { type AcmeChoice, checkAuthorities } from "./acmeAuthorities.ts";
import { missingHostKey, parseHostKey } from "./hostKey.ts";
import type { ResolvedImages } from "./resolvedImages.ts";
import { checkServerNames } from "./serverAddresses.ts";
import { serverShape } from "./serverShape.ts";

/** Certificates of the apps on a server. */
export type ServerTls =
    | { readonly mode: "internal" }
    | ({ readonly mode: "acme"; readonly email: string } & AcmeChoice)
    | {
          readonly mode: "custom";
          /** The chain in PEM. */
          readonly certificate: string;
          /** Certificates in PEM of who has signed it, where no public authority did. */
          readonly caCertificate?: string;
      };

/** References of the images of a server's services. */
export type ServerImages = { readonly [service in keyof typeof SERVICE_IMAGES]: string };

/** The block `server`, checked, with every default filled in. */
export interface ServerConfiguration {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    /** `type base64`, without comment and host name. */
    readonly hostKey: string;
    readonly dnsHost?: string;
    readonly wildcard?: string;
    /** In the spelling by which addresses are compared; not there where those of `host` count. */
    readonly addresses?: readonly string[];
    readonly engine: "distribution" | "docker";
    readonly platform: Platform;
    readonly tls: ServerTls;
    readonly images: ServerImages;
    /** Empty where nobody has asked anew. */
    readonly resolved: ResolvedImages;
    /** The certificate in PEM. */
    readonly registryCa?: string;
    readonly discardBackups: boolean;
    /** Anything; when it changes, the shared services are brought to what they should be once more. */
    readonly mended: string;
}

/** Checks the block `server`; `file:` values are read through `readFile`. */
export function checkServer(raw: unknown, readFile: ReadFile): CheckedBlock<ServerConfiguration> {
    const { value, problems } = checkBlock({ block: "server", shape: serverShape }, raw);
    if (value === undefined) return { problems: problems.map((problem) => withoutHostKey(problem, raw)) };
    const found: Problem[] = [];
    const key = parseHostKey(value.hostKey, value.host);
    const path = configurationPath("server", "hostKey");
    if ("wrong" in key) found.push({ path, message: key.wrong, fix: setCommand(path, EXAMPLE_KEY) });
    const tls = readTls(value.tls, readFile, found);
    const { registryCa: ca, hostKey, port = 22, user = "root", dnsHost, wildcard } = value;
    const addresses = value.addresses?.flatMap((text) => ipAddress(text) ?? []);
    found.push(...checkServerNames({ host: value.host, dnsHost, wildcard, addresses }));
    const registryCa = ca === undefined ? undefined : readPem(ca, ["registryCa"], readFile, found);
    if (found.length > 0) return { problems: found };
    return {
        value: {
            host: value.host,
            port,
            user,
            hostKey: "key" in key ? key.key : hostKey,
            ...(dnsHost !== undefined && { dnsHost }),
            ...(wildcard !== undefined && { wildcard }),
            ...(addresses !== undefined && { addresses }),
            engine: value.engine ?? "distribution",
            platform: value.platform ?? "linux/amd64",
            tls,
            images: withDefaults(value.images),
            resolved: value.resolved ?? {},
            ...(registryCa !== undefined && { registryCa }),
            discardBackups: value.discardBackups ?? false,
            mended: value.mended ?? "",
        },
        problems: [],
    };
}

/** The shape's own word for a missing host key does not say what that key is for. */
function withoutHostKey(problem: Problem, raw: unknown): Problem {
    const hostKey = property(raw, "hostKey");
    return problem.path === configurationPath("server", "hostKey") ? (missingHostKey(hostKey) ?? problem) : problem;
}

type Raw = z.infer<typeof serverShape>;

function withDefaults(images: Raw["images"]): ServerImages {
    return {
        postgres: images?.postgres ?? SERVICE_IMAGES.postgres,
        redis: images?.redis ?? SERVICE_IMAGES.redis,
        pgbouncer: images?.pgbouncer ?? SERVICE_IMAGES.pgbouncer,
        caddy: images?.caddy ?? SERVICE_IMAGES.caddy,
    };
}

function readTls(tls: Raw["tls"], readFile: ReadFile, problems: Problem[]): ServerTls {
    switch (tls.mode) {
        case "internal":
            return { mode: "internal" };
        case "acme":
            return readAcme(tls, readFile, problems);
        case "custom":
            return readCustom(tls, readFile, problems);
    }
}

type RawTls<Mode> = Extract<Raw["tls"], { mode: Mode }>;

function readCustom(tls: RawTls<"custom">, readFile: ReadFile, problems: Problem[]): ServerTls {
    const read = (key: "certificate" | "caCertificate", pem: string) => readPem(pem, ["tls", key], readFile, problems);
    return {
        mode: "custom",
        certificate: read("certificate", tls.certificate),
        ...(tls.caCertificate !== undefined && { caCertificate: read("caCertificate", tls.caCertificate) }),
    };
}

function readAcme(tls: RawTls<"acme">, readFile: ReadFile, problems: Problem[]): ServerTls {
    const { email, ca, authorities, staging, stagingCaCertificate: stagingPem } = tls;
    const read = (pem: string, ...keys: PropertyKey[]) => readPem(pem, ["tls", ...keys], readFile, problems);
    const known = authorities?.map(({ caCertificate: pem, externalAccount, directory }, index) => ({
        directory,
        ...(pem !== undefined && { caCertificate: read(pem, "authorities", index, "caCertificate") }),
        ...(externalAccount !== undefined && { externalAccount }),
    }));
    const choice = {
        ...(ca !== undefined && { ca }),
        ...(known !== undefined && { authorities: known }),
        ...(staging !== undefined && { staging }),
        ...(stagingPem !== undefined && { stagingCaCertificate: read(stagingPem, "stagingCaCertificate") }),
    };
    problems.push(...checkAuthorities(choice));
    return { mode: "acme", email, ...choice };
}

/** The PEM text itself, or that of the file it names. */
function readPem(value: string, keys: readonly PropertyKey[], readFile: ReadFile, problems: Problem[]): string {
    if (!value.startsWith("file:")) return value.trim();
    const path = configurationPath("server", ...keys);
    const file = value.slice("file:".length);
    const text = readFile(file);
    if (text === undefined)
        problems.push({ path, message: `names ${file}, which cannot be read; paths are relative to Pulumi.yaml` });
    else if (!text.includes("-----BEGIN CERTIFICATE-----"))
        problems.push({ path, message: `names ${file}, which holds no certificate in PEM` });
    return text?.trim() ?? "";
}
