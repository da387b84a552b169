import { type AcmeChoice, acmeAuthorities } from "../../configuration/server/acmeAuthorities.ts";
import type { PinnedImages } from "../../configuration/server/resolvedImages.ts";
import type { ServerOutput } from "../../configuration/server/serverOutput.ts";
import { layoutVersion } from "./serverNames.ts";
import type { ServerSpec } from "./serverSpec.ts";

/** What the server's configuration and the last line of its verb `services` say together: the `server` output of a stack. */
export function readServicesOutput(spec: ServerSpec, found: PinnedImages, stdout: string): ServerOutput {
    const { id, host, port, user, hostKey, dnsHost, wildcard, addresses, platform, images, tls } = spec;
    const names = {
        dnsHost,
        ...(wildcard !== undefined && { wildcard }),
        ...(addresses !== undefined && { addresses }),
    };
    const address = { id, layout: layoutVersion, host, port, user, hostKey, ...names, platform };
    const caCertificate = trusted(tls, stdout);
    const ofApps = { redis: images.redis, pgbouncer: images.pgbouncer };
    const pinned = { redis: found.redis ?? "", pgbouncer: found.pgbouncer ?? "" };
    return { ...address, tls: tls.mode, caCertificate, images: ofApps, pinned };
}

/** Certificates in PEM to trust besides the public ones; empty where those do. */
function trusted(tls: ServerSpec["tls"], stdout: string): string {
    switch (tls.mode) {
        case "internal":
            return Buffer.from(stdout.trim(), "base64").toString("utf8");
        case "acme":
            return authorities(tls);
        case "custom":
            return tls.caCertificate === undefined ? "" : `${tls.caCertificate}\n`;
        default:
            return tls satisfies never;
    }
}

/** Certificates of the authorities that are not publicly trusted, one after the other. */
function authorities(tls: AcmeChoice): string {
    const certificates = acmeAuthorities(tls).flatMap(({ caCertificate }) => caCertificate ?? []);
    return certificates.map((certificate) => `${certificate}\n`).join("");
}
