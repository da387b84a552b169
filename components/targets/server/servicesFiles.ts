import { appsDomain } from "../../configuration/checking/hostNames.ts";
import { type AcmeChoice, acmeAuthorities } from "../../configuration/server/acmeAuthorities.ts";
import { certificateNames } from "../../configuration/server/ownCertificate.ts";
import { type PinnedImages, pinnedLines } from "../../configuration/server/resolvedImages.ts";
import type { ServerConfiguration } from "../../configuration/server/serverConfiguration.ts";
import type { PayloadFile } from "../../remote/payload.ts";
import { readTemplate } from "../../remote/templates.ts";
import { accountKeyPath, authorityFiles } from "./authorityFiles.ts";
import { renderCaddyfile } from "./caddyfile.ts";
import { renderServerCompose } from "./serverCompose.ts";
import { serverNetwork } from "./serverNames.ts";
import type { ServerSpec } from "./serverSpec.ts";

/** The keys that go with what `server.tls` says. */
export interface TlsKeys {
    /** Private key of one's own certificate, in PEM. */
    readonly tlsKey?: string | undefined;
    /** Key id -> MAC key. */
    readonly externalAccountKeys?: Readonly<Record<string, string>> | undefined;
}

/** The payload of a server's verb `services`: everything that the shared services are made from. `pinned` is what the images mean. */
export function servicesFiles(spec: ServerSpec, pinned: PinnedImages, keys: TlsKeys): PayloadFile[] {
    const { id, images, tls, mended } = spec;
    const compose = renderServerCompose({ serverId: id, images });
    return [
        ...(mended === "" ? [] : [{ path: "mended", content: mended }]),
        { path: "engine", content: spec.engine },
        // Only layout.json has it, where nobody reads it. It can go when this payload changes anyway, which every server then applies anew.
        { path: "network", content: serverNetwork },
        { path: "pinned", content: pinnedLines(images, pinned) },
        { path: "image-postgres", content: `${images.postgres}\n` },
        { path: "image-caddy", content: `${images.caddy}\n` },
        { path: "compose.yaml", content: compose },
        { path: "Caddyfile", content: renderCaddyfile({ tls, serverName: serverName(spec) }) },
        { path: "pg_hba.conf", content: readTemplate("server/pg_hba.conf") },
        { path: "pg_ident.conf", content: readTemplate("server/pg_ident.conf") },
        { path: "registry-ca.pem", content: spec.registryCa },
        ...customCertificate(tls, keys.tlsKey),
        ...(tls.mode === "acme" ? authorityFiles(tls) : []).map(({ path, content }) => ({ path, content })),
        ...(tls.mode === "acme" ? accountFiles(tls, keys.externalAccountKeys ?? {}) : []),
    ];
}

/** A name below the server's domain that no app can have, because an app's name is one label. */
function serverName(spec: ServerSpec): string {
    return `internal.dallinger.${appsDomain(spec)}`;
}

function accountFiles(tls: AcmeChoice, keys: Readonly<Record<string, string>>): PayloadFile[] {
    return Object.entries(keys)
        .filter(([id]) => acmeAuthorities(tls).some(({ externalAccount }) => externalAccount === id))
        .map(([id, key]) => ({ path: accountKeyPath(id), content: `${key}\n` }));
}

function customCertificate(tls: ServerConfiguration["tls"], key: string | undefined): PayloadFile[] {
    if (tls.mode !== "custom" || key === undefined) return [];
    return [
        { path: "tls/certificate.pem", content: tls.certificate },
        { path: "tls/key.pem", content: key },
        {
            path: "tls/names",
            content: certificateNames(tls.certificate)
                .map((name) => `${name}\n`)
                .join(""),
        },
    ];
}
