import * as pulumi from "@pulumi/pulumi";
import type { ExperimentConfiguration } from "../configuration/experimentConfiguration.ts";
import { ExperimentImage } from "../experimentImage/experimentImage.ts";

/** The image that an experiment runs. */
export interface ChosenImage {
    /** `repository@sha256:…`. */
    readonly image: pulumi.Output<string>;
    /** What a preview compares: known before the image is built. */
    readonly contentHash: string;
    /** Commit that it was built from; empty when nobody knows. */
    readonly commit: pulumi.Output<string>;
    /** The component that builds it, unless it was built before. */
    readonly built: ExperimentImage | undefined;
}

/** Builds the experiment's image, or takes the one that the configuration refers to. */
export function chooseImage({ image, path }: ExperimentConfiguration): ChosenImage {
    if ("reference" in image) {
        const { reference, contentHash = reference, commit = "" } = image;
        return { image: pulumi.output(reference), contentHash, commit: pulumi.output(commit), built: undefined };
    }
    const { repository, platform } = image;
    const built = new ExperimentImage("image", { path: path ?? ".", repository, platform });
    return { image: built.reference, contentHash: built.contentHash, commit: built.commit, built };
}
