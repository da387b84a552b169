import type { z } from "zod";
import { configurationPath, removeCommand, setCommand } from "../checking/configurationPath.ts";
import { isRepository } from "../checking/imageReference.ts";
import type { Platform } from "../checking/platform.ts";
import type { Problem } from "../checking/problems.ts";
import type { imageShape, Route } from "./imageShape.ts";

/** Where the experiment's image comes from: built and pushed, built before, or of a release that the server retains. */
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
          readonly retained: string;
          /** Hash of what it was made from. */
          readonly contentHash: string;
          readonly commit: string;
      };

/** How the experiment's image is built. */
export interface BuiltImageConfiguration {
    /** Where nothing is pushed, any name. */
    readonly repository: string;
    readonly delivery: Route;
    /** Not there when it is to be that of wherever it runs. */
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
    /** How it gets to where it runs, unless the block says that. Defaults to registry. */
    readonly delivery?: Route;
}

/** Reads a block `image` in which nothing is wrong. */
export function readImage(
    image: z.infer<typeof imageShape> | undefined,
    { app, platform: serverPlatform, baseName, delivery: route = "registry" }: ImageDefaults,
): ExperimentImageConfiguration {
    const { repository = nameOf(app, baseName), reference, resolved = "", platform = serverPlatform } = image ?? {};
    const { delivery = route, base, dallinger, strict = false, maxSize, tagLength, knownHosts = [] } = image ?? {};
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

const at = (key: string) => configurationPath("experiment", "image", key);

/** What else decides whether the block is complete. */
export interface ImageSurroundings {
    /** Whether the experiment's folder is named. */
    readonly hasPath: boolean;
    /** `docker_image_base_name` of the config.txt in that folder. */
    readonly baseName?: string | undefined;
    /** Whether the engine that builds it also runs it. */
    readonly isLocal?: boolean;
}

/** Keys of the block `experiment.image` that need or exclude each other. */
export function checkImage(image: Readonly<Record<string, unknown>>, around: ImageSurroundings): Problem[] {
    return image.reference === undefined ? checkBuilt(image, around) : checkReferenced(image);
}

function checkBuilt(
    { repository, delivery, registryUser }: Readonly<Record<string, unknown>>,
    { hasPath, baseName, isLocal = false }: ImageSurroundings,
): Problem[] {
    const problems: Problem[] = [];
    const isPushed = !isLocal && (delivery === undefined || delivery === "registry");
    if (repository === undefined && isPushed) return checkBaseName(baseName);
    if (!hasPath) {
        const path = configurationPath("experiment", "path");
        const needs = isLocal ? "experiment.on local" : `image.${repository === undefined ? "delivery" : "repository"}`;
        const message = `is required with ${needs}: the folder that the image is built from, relative to Pulumi.yaml`;
        problems.push({ path, message, fix: setCommand(path, "../experiments/recall") });
    }
    if (registryUser !== undefined && !isPushed && !isLocal) {
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

/** Compares the platform that an image is asked for, if any is, with the server's. */
export function checkImagePlatform(asked: unknown, server: Platform): Problem[] {
    if (typeof asked !== "string" || asked === server) return [];
    const path = configurationPath("experiment", "image", "platform");
    return [{ path, message: `is ${asked}, but the server is ${server}`, fix: removeCommand(path) }];
}
