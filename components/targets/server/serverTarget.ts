import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { appHostnames } from "../../configuration/checking/hostNames.ts";
import type { ExperimentConfiguration } from "../../configuration/experiment/experimentConfiguration.ts";
import { DELIVERIES } from "../../configuration/image/imageShape.ts";
import type { ServerOutput } from "../../configuration/server/serverOutput.ts";
import type { SealedExperimentSecrets, SealedServerSecrets } from "../sealed.ts";
import type { Target } from "../target.ts";
import { ExperimentApp } from "./experimentApp.ts";
import { ReferencedImage } from "./referencedImage.ts";

/** A server that experiments are to run on. */
export interface ServerTargetArgs {
    readonly server: pulumi.Output<ServerOutput>;
    /** Its component, when it is of this stack. */
    readonly prepared: pulumi.Resource | undefined;
    readonly serverSecrets: SealedServerSecrets;
    readonly experimentSecrets: SealedExperimentSecrets;
}

/** A server as the place where experiments run. */
export function serverTarget({ server, prepared, serverSecrets, experimentSecrets }: ServerTargetArgs): Target {
    const dependsOn = prepared === undefined ? [] : [prepared];
    return {
        deliveries: DELIVERIES,
        lookUp: (experiment, reference, resolved) => {
            const { name: app, archive } = experiment;
            const args = { reference, app, server, resolved, archive, ...accessOf(experiment, serverSecrets) };
            const found = new ReferencedImage("image", args, { dependsOn });
            return { resource: found, reference: found.reference, lookup: found.lookup };
        },
        deploy: (experiment, { environment, secretEnvironment, workers, clock }, { after, ...image }) => {
            const { name, hostnames, checkFromHere, limits, backup, releases, mended, archive } = experiment;
            const { freeSpace, requestBody, ...containerLimits } = limits;
            const args = {
                app: name,
                server,
                ...image,
                hostnames: server.apply((known) => appHostnames(name, known, hostnames)),
                ...{ checkFromHere, hostnamesAreServers: prepared !== undefined },
                settings: { ...environment },
                secretSettings: secretEnvironment.apply((secrets) => ({ ...secrets })),
                fingerprintKey: new random.RandomPassword("fingerprint-key", { length: 32, special: false }).result,
                ...{ workers, clock, freeSpace, requestBody, mended, archive },
                limits: containerLimits,
                workersTimeout: backup.workersTimeout,
                ...(backup.scheduled && { backups: backup.scheduled }),
                ...(backup.repository && { repository: backup.repository, repositorySecrets: experimentSecrets }),
                stack: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
                retainedReleases: releases.keep,
                healthyWithin: releases.healthyWithin,
                quietWithin: releases.quietWithin,
                ...accessOf(experiment, serverSecrets),
            };
            return new ExperimentApp("experiment", args, { dependsOn: [...after, ...dependsOn] });
        },
    };
}

/** Ways in. */
function accessOf(
    { registryUser: user }: ExperimentConfiguration,
    { privateKey, registryPassword }: SealedServerSecrets,
) {
    const login = user !== undefined && registryPassword?.apply((password) => ({ user, password }));
    return { ...(privateKey && { privateKey }), ...(login && { registryLogin: login }) };
}
