import { renderFirstContact } from "../remote/firstContact.ts";
import type { PayloadFile } from "../remote/payload.ts";
import { binFiles } from "../remote/templates.ts";
import { appServices, renderAppCompose } from "./appCompose.ts";
import { type GeneratedSecrets, renderEnvironment, renderSecretList } from "./appEnvironment.ts";
import type { AppSpec } from "./appSpec.ts";
import { renderCaddySite } from "./caddySite.ts";

const scripts = [
    ...["messages.sh", "server.sh", "receive.sh"].map((script) => `shared/${script}`),
    ...["app.sh", "claim.sh", "database.sh", "database.sql", "release.sh", "diagnosis.sh", "site.sh", "launch.sh"],
    ...["remove.sh", "drain.sh", "backup.sh", "probe.py", "launch.py"],
].map((script) => (script.includes("/") ? script : `app/${script}`));

/** What `sh -s` reads to claim an app's name for a stack: the scripts, the server they are meant for and the owner. */
export function claimScript({ app, serverId, owner }: { app: string; serverId: string; owner: string }): string {
    const files = [
        ...binFiles(...scripts),
        { path: "name", content: app },
        { path: "server", content: serverId },
        { path: "owner", content: owner },
    ];
    return renderFirstContact({ script: "bin/claim.sh", files });
}

/** Payload of database.sh. */
export function databaseFiles({ connections }: AppSpec, password: string): PayloadFile[] {
    return [
        { path: "password", content: password },
        { path: "connections", content: String(connections) },
    ];
}

/** Payload of release.sh. */
export function releaseFiles(
    spec: AppSpec,
    secretSettings: Readonly<Record<string, string>>,
    generated: GeneratedSecrets,
): PayloadFile[] {
    const { app, hostname, settings, connections, image, contentHash, compose } = spec;
    const services = Object.keys(appServices(compose));
    const environment = { app, hostname, settings, secretSettings, generated, connections, services };
    return [
        { path: "compose.yaml", content: renderAppCompose(compose) },
        { path: "environment.yaml", content: renderEnvironment(environment) },
        { path: "secrets", content: renderSecretList(environment) },
        { path: "image", content: image },
        { path: "record.json", content: `${JSON.stringify({ image, contentHash, settings }, null, 2)}\n` },
    ];
}

/** Payload of site.sh. A server with a CA of its own has each certificate at once; public ones can take minutes. */
export function siteFiles({ app, hostnames, server }: AppSpec): PayloadFile[] {
    const internal = server.caCertificate !== "";
    return [
        { path: "site.caddy", content: renderCaddySite({ app, hostnames }) },
        { path: "urls", content: hostnames.map((hostname) => `https://${hostname}\n`).join("") },
        { path: "patience", content: internal ? "60" : "300" },
        ...(internal ? [{ path: "internal", content: "" }] : []),
    ];
}
