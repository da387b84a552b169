import * as pulumi from "@pulumi/pulumi";
import type { ExperimentConfiguration } from "../configuration/experiment/experimentConfiguration.ts";
import type { ExperimentImage } from "../image/experimentImage.ts";
import type { SealedSettings } from "../targets/sealed.ts";
import type { Target } from "../targets/target.ts";
import { chooseImage } from "./chooseImage.ts";

/** What an experiment's deployment is made from. */
export interface DeployExperimentArgs {
    readonly experiment: ExperimentConfiguration;
    readonly settings: SealedSettings;
    /** Its image, when this program builds it. */
    readonly built: ExperimentImage | undefined;
    readonly target: Target;
}

/** The app that the stack's `experiment` block describes. */
export function deployExperiment({ experiment, settings, built, target }: DeployExperimentArgs) {
    const app = target.deploy(experiment, settings, chooseImage(experiment, built, target));
    return { app, dashboardUrl: pulumi.interpolate`${app.url}/dashboard` };
}
