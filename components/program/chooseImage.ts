import * as pulumi from "@pulumi/pulumi";
import { isImageId, isPinnedReference, repositoryOf } from "../configuration/checking/imageReference.ts";
import type { Platform } from "../configuration/checking/platform.ts";
import { explain } from "../configuration/checking/problems.ts";
import type { ExperimentConfiguration } from "../configuration/experiment/experimentConfiguration.ts";
import { checkImagePlatform } from "../configuration/image/imageConfiguration.ts";
import { plannedImage } from "../image/build/imageName.ts";
import { findLoaded } from "../image/build/loadedImage.ts";
import { ExperimentImage } from "../image/experimentImage.ts";
import { forReader } from "../local/readersCommands.ts";
import type { AppImage, Target } from "../targets/target.ts";

/**
 * Builds the experiment's image for the platform of where it is to run, unless it is one that was built before.
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
        const where = on !== undefined && "stack" in on ? `on the server of stack ${on.stack}` : "here";
        throw new pulumi.RunError(forReader(explain(`the image cannot run ${where}:`, problems)));
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

/**
 * Takes the image that was built, or the one that the configuration refers to.
 *
 * @throws {pulumi.RunError} when it cannot get to the target in the way that is wanted.
 */
export function chooseImage(
    experiment: ExperimentConfiguration,
    built: ExperimentImage | undefined,
    target: Target,
): AppImage {
    const { image } = experiment;
    if ("retained" in image) {
        const { retained, contentHash, commit } = image;
        return { ...known(retained, contentHash), commit: pulumi.output(commit), after: [] };
    }
    if ("reference" in image) return refer(experiment, image, target);
    if (!target.deliveries.includes(image.delivery)) {
        const ways = target.deliveries.join(" or ");
        throw new pulumi.RunError(`dallinger:experiment.image.delivery must be ${ways} where the experiment is to run`);
    }
    if (built === undefined) throw new Error("the image of the experiment was not built");
    const { reference, contentHash, commit, request } = built;
    const isBrought = image.delivery === "ssh" || image.delivery === "server";
    const source = isBrought ? { delivery: request } : { image: reference };
    const planned = plannedImage(image.delivery === "registry" ? image.repository : "", contentHash);
    const hashes = { contentHash: pulumi.output(contentHash), plannedImage: pulumi.output(planned) };
    const loaded = image.delivery === "local" && { loaded: pulumi.output(findLoaded(request).then((id = "") => id)) };
    return { ...source, ...hashes, ...loaded, commit, after: [built] };
}

function refer(
    experiment: ExperimentConfiguration,
    { reference, resolved }: { readonly reference: string; readonly resolved: string },
    target: Target,
): AppImage {
    const found = target.lookUp(experiment, reference, resolved);
    const rest = { commit: pulumi.output(""), after: found.resource === undefined ? [] : [found.resource] };
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
