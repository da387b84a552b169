import { X509Certificate } from "node:crypto";

/** A certificate that a host name is served with. */
export interface Certificate {
    /** Who has issued it, by its common name, or else its organization. */
    readonly issuer: string;
    /** UTC time from which it counts. */
    readonly from: string;
    /** UTC time at which it ends. */
    readonly until: string;
    /** `renewed` by the server itself before it ends, or `brought` by the stack (`server.tls.mode: custom`). */
    readonly kind: "renewed" | "brought";
}

/** Reads the first certificate of a PEM text; nothing where that is none. */
export function readCertificate(pem: string, kind: Certificate["kind"]): Certificate | undefined {
    try {
        const { issuer, validFrom, validTo } = new X509Certificate(pem);
        const from = new Date(validFrom).toISOString();
        return { issuer: nameIn(issuer), from, until: new Date(validTo).toISOString(), kind };
    } catch {
        return undefined;
    }
}

function nameIn(subject: string): string {
    const parts = new Map(
        subject.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]),
    );
    return parts.get("CN") ?? parts.get("O") ?? subject.replaceAll("\n", ", ");
}

/** Days before its end at which one that the stack has brought should have been followed by another. */
const BROUGHT_DAYS = 30;

const DAY = 24 * 3600 * 1000;

/**
 * Milliseconds before its end from which a certificate should have been followed by another: Caddy renews its own after two thirds of
 * their time (its `renewal_window_ratio`), so one that has no more than a quarter left was not renewed, however long it counts.
 */
export function renewalDue({ from, until, kind }: Certificate): number {
    return kind === "brought" ? BROUGHT_DAYS * DAY : (Date.parse(until) - Date.parse(from)) / 4;
}
