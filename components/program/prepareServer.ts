import * as pulumi from "@pulumi/pulumi";
import { warnOfOwnCertificate } from "../configuration/server/ownCertificate.ts";
import type { ServerConfiguration } from "../configuration/server/serverConfiguration.ts";
import type { SealedServerSecrets } from "../targets/sealed.ts";
import { Server } from "../targets/server/server.ts";

/** The server that the stack's `server` block describes. */
export function prepareServer(
    block: ServerConfiguration,
    { privateKey, tlsKey }: SealedServerSecrets,
    opts: pulumi.ComponentResourceOptions,
): Server {
    const secrets = {
        ...(privateKey !== undefined && { privateKey }),
        ...(tlsKey !== undefined && { tlsKey }),
    };
    const server = new Server("server", { ...block, ...secrets }, opts);
    const warnings = block.tls.mode === "custom" ? warnOfOwnCertificate(block.tls.certificate, block, new Date()) : [];
    for (const warning of warnings) pulumi.log.warn(warning, server);
    return server;
}
