import type { z } from "zod";
import type { experimentShape } from "../experiment/experimentShape.ts";
import type { Platform } from "../server/serverConfiguration.ts";
import type { Delivery } from "./delivery.ts";
import { isRepository } from "./imageReference.ts";

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
    /** Where nothing is pushed, any name. */
    readonly repository: string;
    readonly delivery: Delivery;
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
export interface ImageDefaults {
    /** Name of the app. */
    readonly app: string;
    /** Platform of the server, when it is known. */
    readonly platform: Platform | undefined;
    /** `docker_image_base_name` of the config.txt in the experiment's folder. */
    readonly baseName: string | undefined;
}

/** Reads a block `image` in which nothing is wrong. */
export function readImage(
    image: z.infer<typeof experimentShape>["image"],
    { app, platform: serverPlatform, baseName }: ImageDefaults,
): ExperimentImageConfiguration {
    const { repository = nameOf(app, baseName), reference, resolved = "", platform = serverPlatform } = image ?? {};
    const { delivery = "registry", base, dallinger, strict = false, maxSize, tagLength, knownHosts = [] } = image ?? {};
    if (reference !== undefined) return { reference, resolved };
    return {
        repository,
        delivery,
        ...(platform !== undefined && { platform }),
        ...(base !== undefined && { base }),
        ...(dallinger !== undefined && { dallinger }),
        strict,
        ...(maxSize !== undefined && { maxSize }),
        ...(tagLength !== undefined && { tagLength }),
        knownHosts,
    };
}

/** Of an image that the block gives none; the app's own will do where nothing is pushed. */
function nameOf(app: string, baseName: string | undefined): string {
    return baseName !== undefined && isRepository(baseName) ? baseName : app;
}
