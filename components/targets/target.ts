import type { Output, Resource } from "@pulumi/pulumi";
import type { ExperimentConfiguration } from "../configuration/experiment/experimentConfiguration.ts";
import type { Route } from "../configuration/image/imageShape.ts";
import type { BuildRequest } from "../image/build/dockerBuild.ts";
import type { SealedSettings } from "./sealed.ts";

/** The image that an app runs, in whatever way it has been chosen. */
export interface AppImage {
    /** `repository@sha256:…`, or the id by which the engine that runs it has it. Not there when it has to be brought to the target. */
    readonly image?: Output<string>;
    /** Id of one of the same content that the engine which builds it has before it is asked to; empty where it has none. */
    readonly loaded?: Output<string>;
    /** How it is brought there. */
    readonly delivery?: BuildRequest;
    /** What a preview compares: known before the image is built. */
    readonly contentHash: Output<string>;
    /** The image as a preview knows it, repository included. */
    readonly plannedImage: Output<string>;
    /** Commit that it was built from; empty when nobody knows. */
    readonly commit: Output<string>;
    /** What the target is to remember of a tag that it has looked up. */
    readonly lookup?: Output<string>;
    /** What has to be there before anything of the app is made. */
    readonly after: readonly Resource[];
}

/** What a reference meant when the target looked it up. */
export interface LookedUp {
    /** What asks; not there where the target asks when it needs the image. */
    readonly resource?: Resource;
    /** By digest where that has been asked. */
    readonly reference: Output<string>;
    /** What the target is to remember of it. */
    readonly lookup: Output<string>;
}

/** An app that runs. */
export interface DeployedApp {
    /** Where participants go. Known once it answers. */
    readonly url: Output<string>;
    /** Id of the release that serves, where the target retains releases. */
    readonly release?: Output<string>;
    /** A compose file, relative to Pulumi.yaml, by which the app's containers can be worked with on this machine. */
    readonly composeFile?: Output<string>;
    /** What Dallinger answered to the launch. */
    readonly recruitment: Output<string>;
    /** A command that shows the logs. */
    readonly logs: Output<string>;
    /** What runs: by digest, or by the id that the target knows it by. */
    readonly image: Output<string>;
    /** Who logs in to the dashboard. */
    readonly dashboardUser: Output<string>;
    /** The dashboard's password; secret. */
    readonly dashboardPassword: Output<string>;
}

/** Where experiments run. Whoever builds an image and deploys an app knows nothing else of it. */
export interface Target {
    /** Ways in which an image that is built can get there. */
    readonly deliveries: readonly Route[];
    /** Finds out what an image that was built before means there. */
    lookUp(experiment: ExperimentConfiguration, reference: string, resolved: string): LookedUp;
    /** Makes the app, launched once, out of its checked configuration. */
    deploy(experiment: ExperimentConfiguration, settings: SealedSettings, image: AppImage): DeployedApp;
}
