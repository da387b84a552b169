import * as pulumi from "@pulumi/pulumi";
import { warnOfOwnCertificate } from "../configuration/server/ownCertificate.ts";
import type { ServerConfiguration } from "../configuration/server/serverConfiguration.ts";
import type { ServerSecrets } from "../configuration/server/serverSecrets.ts";
import { Server } from "../targets/server/server.ts";

/** The server that the stack's `server` block describes. */
export function prepareServer(
    block: ServerConfiguration,
    { privateKey, tlsKey }: ServerSecrets,
    opts: pulumi.ComponentResourceOptions,
): Server {
    const secrets = {
        ...(privateKey !== undefined && { privateKey: pulumi.secret(privateKey) }),
        ...(tlsKey !== undefined && { tlsKey: pulumi.secret(tlsKey) }),
    };
    const server = new Server("server", { ...block, ...secrets }, opts);
    const warnings = block.tls.mode === "custom" ? warnOfOwnCertificate(block.tls.certificate, block, new Date()) : [];
    for (const warning of warnings) pulumi.log.warn(warning, server);
    return server;
}
