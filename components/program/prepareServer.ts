import { getCACertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";
import { appHostnames } from "../configuration/checking/hostNames.ts";
import type { ExperimentConfiguration } from "../configuration/experiment/experimentConfiguration.ts";
import { warnOfNobodysCertificate, warnOfOwnCertificate } from "../configuration/server/ownCertificate.ts";
import type { ServerConfiguration } from "../configuration/server/serverConfiguration.ts";
import type { SealedServerSecrets } from "../targets/sealed.ts";
import { Server } from "../targets/server/server.ts";

/** The server that the stack's `server` block describes, where the names of the stack's experiment lead, if it has one. */
export function prepareServer(
    block: ServerConfiguration,
    { privateKey, tlsKey, externalAccountKeys }: SealedServerSecrets,
    experiment: ExperimentConfiguration | undefined,
    opts: pulumi.ComponentResourceOptions,
): Server {
    const secrets = {
        ...(privateKey !== undefined && { privateKey }),
        ...(tlsKey !== undefined && { tlsKey }),
        ...(externalAccountKeys !== undefined && { externalAccountKeys }),
    };
    const names = experiment && {
        hostnames: appHostnames(experiment.name, block, experiment.hostnames),
        checkFromHere: experiment.checkFromHere,
    };
    const server = new Server("server", { ...block, ...secrets, ...names }, opts);
    for (const warning of tlsWarnings(block)) pulumi.log.warn(warning, server);
    return server;
}

function tlsWarnings(block: ServerConfiguration): string[] {
    if (block.tls.mode !== "custom") return [];
    const { certificate, caCertificate } = block.tls;
    const warnings = warnOfOwnCertificate(certificate, block, new Date());
    if (caCertificate !== undefined) return warnings;
    const trusted = [...getCACertificates("default"), ...getCACertificates("system")];
    return [...warnings, ...warnOfNobodysCertificate(certificate, trusted)];
}
