import { configurationPath, removeCommand, setCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import { isRepository } from "./imageReference.ts";

const at = (key: string) => configurationPath("experiment", "image", key);

/** What else decides whether the block is complete. */
export interface ImageSurroundings {
    /** Whether the experiment's folder is named. */
    readonly hasPath: boolean;
    /** `docker_image_base_name` of the config.txt in that folder. */
    readonly baseName?: string | undefined;
}

/** Keys of the block `experiment.image` that need or exclude each other. */
export function checkImage(image: Readonly<Record<string, unknown>>, around: ImageSurroundings): Problem[] {
    return image.reference === undefined ? checkBuilt(image, around) : checkReferenced(image);
}

function checkBuilt(
    { repository, delivery, registryUser }: Readonly<Record<string, unknown>>,
    { hasPath, baseName }: ImageSurroundings,
): Problem[] {
    const problems: Problem[] = [];
    const isPushed = delivery === undefined || delivery === "registry";
    if (repository === undefined && isPushed) return checkBaseName(baseName);
    if (!hasPath) {
        const path = configurationPath("experiment", "path");
        const key = repository === undefined ? "delivery" : "repository";
        const message = `is required with image.${key}: the folder that the image is built from, relative to Pulumi.yaml`;
        problems.push({ path, message, fix: setCommand(path, "../experiments/recall") });
    }
    if (registryUser !== undefined && !isPushed) {
        const message = `has no use with image.delivery ${String(delivery)}: there is no registry to log in to`;
        problems.push({ path: at("registryUser"), message, fix: removeCommand(at("registryUser")) });
    }
    return problems;
}

const NOTHING: Problem = {
    path: configurationPath("experiment", "image"),
    message:
        "needs repository (to build), reference (built before), or delivery ssh or server (no registry), unless config.txt has docker_image_base_name, a repository",
    fix: setCommand(at("repository"), "ghcr.io/lab/recall"),
};

/** Of an image that is pushed to where config.txt says. */
function checkBaseName(baseName: string | undefined): Problem[] {
    if (baseName === undefined) return [NOTHING];
    if (isRepository(baseName)) return [];
    const message = `is left out, and docker_image_base_name in config.txt is no repository of a registry: ${JSON.stringify(baseName)}`;
    return [{ path: at("repository"), message, fix: setCommand(at("repository"), "ghcr.io/lab/recall") }];
}

function checkReferenced({ repository, delivery }: Readonly<Record<string, unknown>>): Problem[] {
    if (repository !== undefined) {
        return [
            {
                path: at("reference"),
                message: "excludes image.repository: an image is either built or was built before",
                fix: `${removeCommand(at("reference"))}   (or ${removeCommand(at("repository"))})`,
            },
        ];
    }
    if (delivery === undefined || delivery === "registry") return [];
    const message = "must be left out beside image.reference: the server pulls that from its registry";
    return [{ path: at("delivery"), message, fix: removeCommand(at("delivery")) }];
}
