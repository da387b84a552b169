import * as pulumi from "@pulumi/pulumi";
import { isImageId, isPinnedReference, repositoryOf } from "../configuration/checking/imageReference.ts";
import type { Platform } from "../configuration/checking/platform.ts";
import { explain } from "../configuration/checking/problems.ts";
import type { ExperimentConfiguration } from "../configuration/experiment/experimentConfiguration.ts";
import { checkImagePlatform } from "../configuration/image/imageConfiguration.ts";
import type { ServerOutput } from "../configuration/server/serverOutput.ts";
import type { BuildRequest } from "../image/build/dockerBuild.ts";
import { plannedImage } from "../image/build/imageName.ts";
import { ExperimentImage } from "../image/experimentImage.ts";
import type { RegistryLogin } from "../image/registryLogin.ts";
import { ReferencedImage } from "../targets/server/referencedImage.ts";

/** The image that an experiment runs. */
export interface ChosenImage {
    /** `repository@sha256:…`. Not there when the image comes to the server in another way. */
    readonly image?: pulumi.Output<string>;
    /** That other way. */
    readonly delivery?: BuildRequest;
    /** What a preview compares: known before the image is built. */
    readonly contentHash: pulumi.Output<string>;
    /** The image as a preview knows it, repository included. */
    readonly plannedImage: pulumi.Output<string>;
    /** Commit that it was built from; empty when nobody knows. */
    readonly commit: pulumi.Output<string>;
    /** What the server is to remember of a tag that it has looked up. */
    readonly lookup?: pulumi.Output<string>;
    /** What has to be there before anything is changed on the server. */
    readonly after: readonly pulumi.Resource[];
}

/** Who asks for an image that was built before, and for whom. */
export interface ImageAsking {
    readonly target: pulumi.Output<ServerOutput>;
    /** That server's component, when it is of this stack. */
    readonly prepared: pulumi.Resource | undefined;
    readonly registryLogin: pulumi.Output<RegistryLogin> | undefined;
    readonly privateKey: pulumi.Output<string> | undefined;
}

/**
 * Builds the experiment's image for a server of this platform, unless it is one that was built before.
 *
 * @throws {pulumi.RunError} when the image is asked for another platform.
 */
export function buildImage(
    { image, path, on }: ExperimentConfiguration,
    platform: Platform,
): ExperimentImage | undefined {
    if (!("repository" in image)) return undefined;
    const problems = checkImagePlatform(image.platform, platform);
    if (problems.length > 0) {
        throw new pulumi.RunError(explain(`the image cannot run on the server of stack ${on?.stack}:`, problems));
    }
    const { base, knownHosts, delivery, ...build } = image;
    return new ExperimentImage("image", {
        path: path ?? ".",
        ...build,
        platform,
        ...(delivery !== "registry" && { delivery }),
        ...(base !== undefined && { buildArgs: { BASE: base } }),
        ...(knownHosts.length > 0 && { knownHosts: [...knownHosts] }),
    });
}

/** Takes the image that was built, or the one that the configuration refers to. */
export function chooseImage(
    experiment: ExperimentConfiguration,
    built: ExperimentImage | undefined,
    asking: ImageAsking,
): ChosenImage {
    const { image } = experiment;
    if ("kept" in image) {
        const { kept, contentHash, commit } = image;
        return { ...known(kept, contentHash), commit: pulumi.output(commit), after: [] };
    }
    if ("reference" in image) return refer(experiment, image, asking);
    if (built === undefined) throw new Error("the image of the experiment was not built");
    const { reference, contentHash, commit, request } = built;
    const source = image.delivery === "registry" ? { image: reference } : { delivery: request };
    const planned = plannedImage(image.delivery === "registry" ? image.repository : "", contentHash);
    const hashes = { contentHash: pulumi.output(contentHash), plannedImage: pulumi.output(planned) };
    return { ...source, ...hashes, commit, after: [built] };
}

function refer(
    { name: app, archive }: ExperimentConfiguration,
    { reference, resolved }: { readonly reference: string; readonly resolved: string },
    { target, prepared, registryLogin, privateKey }: ImageAsking,
): ChosenImage {
    const dependsOn = prepared === undefined ? [] : [prepared];
    const args = { reference, app, server: target, resolved, archive, registryLogin, privateKey };
    const found = new ReferencedImage("image", args, { dependsOn });
    const rest = { commit: pulumi.output(""), after: [found] };
    if (isPinnedReference(reference)) return { ...known(reference, reference), ...rest };
    const hashes = { contentHash: found.reference, plannedImage: found.reference };
    return { image: found.reference, ...hashes, lookup: found.lookup, ...rest };
}

function known(image: string, contentHash: string) {
    const planned = plannedImage(isImageId(image) ? "" : repositoryOf(image), contentHash);
    return {
        image: pulumi.output(image),
        contentHash: pulumi.output(contentHash),
        plannedImage: pulumi.output(planned),
    };
}
