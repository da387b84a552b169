import type { z } from "zod";
import type { Problem } from "../problems.ts";
import { configurationPath, removeCommand, setCommand } from "./configurationPath.ts";
import type { experimentShape } from "./experimentShape.ts";
import { isRepository } from "./imageReference.ts";
import type { Platform } from "./serverConfiguration.ts";

/** Where the experiment's image comes from: built and pushed, built before, or of a release that the server has kept. */
export type ExperimentImageConfiguration =
    | BuiltImageConfiguration
    | {
          /** By tag or by digest. */
          readonly reference: string;
          /** When somebody wanted the registry to be asked again; empty when nobody has. */
          readonly resolved: string;
      }
    | {
          /** By digest. */
          readonly kept: string;
          /** Hash of what it was made from. */
          readonly contentHash: string;
          readonly commit: string;
      };

/** How the experiment's image is built. */
export interface BuiltImageConfiguration {
    readonly repository: string;
    /** Not there when it is to be the server's, which another stack knows. */
    readonly platform?: Platform;
    /** Image that it is built on, unless the one of our Dockerfile. */
    readonly base?: string;
    /** Checkout of Dallinger, relative to Pulumi.yaml. */
    readonly dallinger?: string;
    /** Whether what is not pinned is refused. */
    readonly strict: boolean;
    /** Megabytes that the experiment's files may have together, unless Dallinger's limit. */
    readonly maxSize?: number;
    /** Hex digits of the content's hash in the tag, unless 8. */
    readonly tagLength?: number;
    /** Lines of known_hosts. */
    readonly knownHosts: readonly string[];
}

/** What else decides about the image. */
export interface ImageSurroundings {
    /** Whether the experiment's folder is named. */
    readonly hasPath: boolean;
    /** `docker_image_base_name` of the config.txt in that folder. */
    readonly baseName?: string | undefined;
}

/** Reads a block `image` in which nothing is wrong. */
export function readImage(
    image: z.infer<typeof experimentShape>["image"],
    serverPlatform: Platform | undefined,
    baseName: string | undefined,
): ExperimentImageConfiguration {
    const { repository = baseName ?? "", reference, platform = serverPlatform } = image ?? {};
    const { base, dallinger, strict = false, maxSize, tagLength, knownHosts = [], resolved = "" } = image ?? {};
    if (reference !== undefined) return { reference, resolved };
    return {
        repository,
        ...(platform !== undefined && { platform }),
        ...(base !== undefined && { base }),
        ...(dallinger !== undefined && { dallinger }),
        strict,
        ...(maxSize !== undefined && { maxSize }),
        ...(tagLength !== undefined && { tagLength }),
        knownHosts,
    };
}

/** Keys of the block that need or exclude each other. */
export function checkImage(image: Record<string, unknown>, { hasPath, baseName }: ImageSurroundings): Problem[] {
    const at = (key: string) => configurationPath("experiment", "image", key);
    if (image.repository === undefined && image.reference === undefined) {
        return baseName === undefined ? [NEITHER] : checkBaseName(baseName);
    }
    if (image.repository !== undefined && image.reference !== undefined) {
        return [
            {
                path: at("reference"),
                message: "excludes image.repository: an image is either built or was built before",
                fix: `${removeCommand(at("reference"))}   (or ${removeCommand(at("repository"))})`,
            },
        ];
    }
    if (image.repository !== undefined && !hasPath) {
        const path = configurationPath("experiment", "path");
        return [
            {
                path,
                message:
                    "is required with image.repository: the folder that the image is built from, relative to Pulumi.yaml",
                fix: setCommand(path, "../experiments/recall"),
            },
        ];
    }
    return [];
}

const REPOSITORY = configurationPath("experiment", "image", "repository");

const NEITHER: Problem = {
    path: configurationPath("experiment", "image"),
    message:
        "needs repository (to build) or reference (built before), unless config.txt has docker_image_base_name, a repository",
    fix: setCommand(REPOSITORY, "ghcr.io/lab/recall"),
};

function checkBaseName(baseName: string): Problem[] {
    if (isRepository(baseName)) return [];
    const message = `is left out, and docker_image_base_name in config.txt is no repository of a registry: ${JSON.stringify(baseName)}`;
    return [{ path: REPOSITORY, message, fix: setCommand(REPOSITORY, "ghcr.io/lab/recall") }];
}
