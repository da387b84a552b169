import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { appHostnames } from "../configuration/checking/hostNames.ts";
import type { ExperimentConfiguration } from "../configuration/experiment/experimentConfiguration.ts";
import type { ServerOutput } from "../configuration/server/serverOutput.ts";
import type { ServerSecrets } from "../configuration/server/serverSecrets.ts";
import type { ExperimentSettings } from "../configuration/settings/experimentSettings.ts";
import type { ExperimentImage } from "../image/experimentImage.ts";
import { ExperimentApp } from "../targets/server/experimentApp.ts";
import { chooseImage } from "./chooseImage.ts";

/** What an experiment's deployment is made from. */
export interface DeployExperimentArgs {
    readonly experiment: ExperimentConfiguration;
    readonly settings: ExperimentSettings;
    readonly serverSecrets: ServerSecrets;
    /** Its image, when this program builds it. */
    readonly built: ExperimentImage | undefined;
    /** The server that it goes to. */
    readonly target: pulumi.Output<ServerOutput>;
    /** That server's component, when it is of this stack. */
    readonly prepared: pulumi.Resource | undefined;
}

/** The app that the stack's `experiment` block describes. */
export function deployExperiment({
    experiment,
    settings,
    serverSecrets,
    built,
    target,
    prepared,
}: DeployExperimentArgs) {
    const { name, hostnames, checkFromHere, limits, backup, releases, mended, archive } = experiment;
    const { freeSpace, requestBody, ...containerLimits } = limits;
    const access = accessOf(experiment, serverSecrets);
    const asking = { target, prepared, ...access };
    const { after, ...chosen } = chooseImage(experiment, built, asking);
    const app = new ExperimentApp(
        "experiment",
        {
            app: name,
            server: target,
            ...chosen,
            hostnames: target.apply((server) => appHostnames(name, server, hostnames)),
            checkFromHere,
            settings: { ...settings.environment },
            secretSettings: pulumi.secret({ ...settings.secretEnvironment }),
            fingerprintKey: new random.RandomPassword("fingerprint-key", { length: 32, special: false }).result,
            workers: settings.workers,
            clock: settings.clock,
            limits: containerLimits,
            workersTimeout: backup.workersTimeout,
            stack: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
            mended,
            archive,
            keptReleases: releases.keep,
            healthyWithin: releases.healthyWithin,
            freeSpace,
            requestBody,
            ...access,
        },
        { dependsOn: [...after, ...(prepared === undefined ? [] : [prepared])] },
    );
    return { app, dashboardUrl: pulumi.interpolate`${app.url}/dashboard` };
}

/** Ways in, as secrets. */
function accessOf({ registryUser: user }: ExperimentConfiguration, { privateKey, registryPassword }: ServerSecrets) {
    const hasLogin = user !== undefined && registryPassword !== undefined;
    return {
        privateKey: privateKey === undefined ? undefined : pulumi.secret(privateKey),
        registryLogin: hasLogin ? pulumi.secret({ user, password: registryPassword }) : undefined,
    };
}
