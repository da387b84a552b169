import * as pulumi from "@pulumi/pulumi";
import type { ExperimentConfiguration } from "../configuration/experiment/experimentConfiguration.ts";
import type { ExperimentSettings } from "../configuration/settings/experimentSettings.ts";
import type { ExperimentImage } from "../image/experimentImage.ts";
import type { Target } from "../targets/target.ts";
import { chooseImage } from "./chooseImage.ts";

/** What an experiment's deployment is made from. */
export interface DeployExperimentArgs {
    readonly experiment: ExperimentConfiguration;
    readonly settings: ExperimentSettings;
    /** Its image, when this program builds it. */
    readonly built: ExperimentImage | undefined;
    readonly target: Target;
}

/** The app that the stack's `experiment` block describes. */
export function deployExperiment({ experiment, settings, built, target }: DeployExperimentArgs) {
    const app = target.deploy(experiment, settings, chooseImage(experiment, built, target));
    return { app, dashboardUrl: pulumi.interpolate`${app.url}/dashboard` };
}
