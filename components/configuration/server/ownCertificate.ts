import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { configurationPath, setSecretCommand } from "../checking/configurationPath.ts";
import { appsDomain, type ServerNames } from "../checking/hostNames.ts";
import type { Problem } from "../checking/problems.ts";

/** A certificate of one's own (`server.tls.mode` custom), and what it is to be good for. */
export interface OwnCertificate {
    /** The chain in PEM, the server's own certificate first. */
    readonly certificate: string;
    /** Certificates in PEM of who has signed it; left out where a public authority did. */
    readonly caCertificate: string | undefined;
    /** Its private key in PEM; not there when that has been found wrong already. */
    readonly key: string | undefined;
    /** Host names of the stack's app; none when it has no app. */
    readonly hostnames: readonly string[];
    /** Left out, nothing is said about dates. */
    readonly now: Date | undefined;
}

/** Days before its end from which a certificate is warned of. */
const LAST_DAYS = 21;

const path = configurationPath("server", "tls", "certificate");
const authorityPath = configurationPath("server", "tls", "caCertificate");
const keyPath = configurationPath("serverSecrets", "tlsKey");

/** What makes Caddy or browsers refuse a certificate. Nothing is contacted, and no message holds the key. */
export function checkOwnCertificate({ certificate, caCertificate, key, hostnames, now }: OwnCertificate): Problem[] {
    const chain = readChain(certificate);
    const [own] = chain ?? [];
    if (chain === undefined || own === undefined)
        return [{ path, message: "cannot be read: it has to be a certificate in PEM, then those that signed it" }];
    return [
        ...checkDates(own, now),
        ...(key === undefined ? [] : checkKey(chain, own, key)),
        ...checkNames(own, hostnames),
        ...(caCertificate === undefined ? [] : checkAuthority(chain, caCertificate, now)),
    ];
}

/** What of a certificate that can be used today should be known: its end is near, or it is for other names than the server's. */
export function warnOfOwnCertificate(certificate: string, server: ServerNames, now: Date): string[] {
    const [own] = readChain(certificate) ?? [];
    if (own === undefined) return [];
    const days = Math.floor((own.validToDate.getTime() - now.getTime()) / 86_400_000);
    const domain = appsDomain(server);
    const warnings = [];
    if (days < LAST_DAYS) warnings.push(`${path}: ends on ${day(own.validToDate)}, in ${days} days: renew it`);
    if (
        !own.checkHost(`app.${domain}`, { subject: "never" }) &&
        !namesOf(own).some((name) => name.endsWith(`.${domain}`))
    )
        warnings.push(
            `${path}: is for ${listNames(own)}, and for no name below ${domain}, where apps are found that have no experiment.hostnames of their own`,
        );
    return warnings;
}

/**
 * What to know of a certificate that nobody seems to trust: `up` then waits in vain for the app's address. `trusted` are the certificates
 * of authorities that are trusted where the program runs; others may be on the server, so that it is no error.
 */
export function warnOfNobodysCertificate(certificate: string, trusted: readonly string[]): string[] {
    const signed = signers(readChain(certificate) ?? []);
    const last = signed.at(-1);
    const authorities = trusted.flatMap((text) => readChain(text) ?? []);
    if (last === undefined || signed.some((one) => authorities.some((authority) => isSigned(one, authority))))
        return [];
    return [
        `${path}: its chain ends with one by ${issuerOf(last)}, whom nobody trusts here: add to the chain what is missing in between, or name a private authority's certificate as ${authorityPath}`,
    ];
}

/** The host names that a certificate is for, `*.lab.example` among them; none when it cannot be read. */
export function certificateNames(certificate: string): string[] {
    const [own] = readChain(certificate) ?? [];
    return own === undefined ? [] : namesOf(own);
}

function readChain(text: string): X509Certificate[] | undefined {
    const parts = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    try {
        return parts.map((part) => new X509Certificate(part));
    } catch {
        return undefined;
    }
}

function checkDates({ validFromDate, validToDate }: X509Certificate, now: Date | undefined): Problem[] {
    if (now === undefined) return [];
    if (validToDate < now) return [{ path, message: `has ended on ${day(validToDate)}: renew it` }];
    if (validFromDate > now)
        return [{ path, message: `begins on ${day(validFromDate)} only, and no browser takes it before` }];
    return [];
}

function checkKey(chain: readonly X509Certificate[], own: X509Certificate, text: string): Problem[] {
    const key = readKey(text);
    const fix = setSecretCommand(keyPath);
    if (key === undefined)
        return [{ path: keyPath, message: "cannot be read: a private key in PEM without passphrase", fix }];
    if (own.checkPrivateKey(key)) return [];
    const other = chain.find((certificate) => certificate.checkPrivateKey(key));
    if (other === undefined)
        return [
            { path: keyPath, message: `is not the key of server.tls.certificate, which is for ${listNames(own)}`, fix },
        ];
    const message = `begins with another certificate than the key's: that for ${listNames(other)} comes first, then those that signed it`;
    return [{ path, message }];
}

function readKey(text: string): KeyObject | undefined {
    try {
        return createPrivateKey(text);
    } catch {
        return undefined;
    }
}

/** Browsers look at the alternative names only. */
function checkNames(own: X509Certificate, hostnames: readonly string[]): Problem[] {
    const missing = hostnames.filter((name) => own.checkHost(name, { subject: "never" }) === undefined);
    if (missing.length === 0) return [];
    return [{ path, message: `is for ${listNames(own)}, and not for ${missing.join(", ")}, where the app is to be` }];
}

/** The probe and the operator's machine trust the public authorities and these, and would refuse the certificate at the end of an `up`. */
function checkAuthority(chain: readonly X509Certificate[], text: string, now: Date | undefined): Problem[] {
    const authorities = readChain(text);
    if (authorities === undefined)
        return [
            { path: authorityPath, message: "cannot be read: it has to be certificates in PEM, one after the other" },
        ];
    const signed = signers(chain);
    const signer = signed.flatMap((one) => authorities.find((candidate) => isSigned(one, candidate)) ?? [])[0];
    if (signer === undefined) {
        const last = signed.at(-1);
        const message = `has not signed server.tls.certificate, whose chain ends with one by ${last && issuerOf(last)}: name that authority's certificate, or add to the chain what is missing in between`;
        return [{ path: authorityPath, message }];
    }
    if (now !== undefined && signer.validToDate < now)
        return [
            {
                path: authorityPath,
                message: `has ended on ${day(signer.validToDate)}: name the one that has followed it`,
            },
        ];
    return [];
}

/** The chain from its first certificate on, each followed by who has signed it, as far as that is there. */
function signers([own, ...others]: readonly X509Certificate[]): X509Certificate[] {
    if (own === undefined) return [];
    const next = others.find((candidate) => isSigned(own, candidate));
    return next === undefined ? [own] : [own, ...signers([next, ...others.filter((one) => one !== next)])];
}

function isSigned(certificate: X509Certificate, by: X509Certificate): boolean {
    return certificate.checkIssued(by) && certificate.verify(by.publicKey);
}

function issuerOf({ issuer }: X509Certificate): string {
    return issuer.split("\n").join(", ");
}

function namesOf({ subjectAltName = "" }: X509Certificate): string[] {
    return subjectAltName
        .split(", ")
        .flatMap((entry) => (entry.startsWith("DNS:") ? [entry.slice("DNS:".length)] : []));
}

function listNames(certificate: X509Certificate): string {
    return namesOf(certificate).join(", ") || "no host name";
}

function day(date: Date): string {
    return date.toISOString().slice(0, 10);
}
