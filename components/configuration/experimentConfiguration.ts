import type { z } from "zod";
import type { Problem } from "../problems.ts";
import { type CheckedBlock, checkBlock } from "./blockProblems.ts";
import { configurationPath, removeCommand, setCommand } from "./configurationPath.ts";
import { experimentShape } from "./experimentShape.ts";
import type { Platform } from "./serverConfiguration.ts";

/** Type of a setting of the experiment's own, by Python's name. */
export type ParameterType = "str" | "int" | "float" | "bool";

/** Where the experiment's image comes from: built and pushed, or built before. */
export type ExperimentImageConfiguration =
    | { readonly repository: string; readonly platform: Platform }
    | {
          readonly reference: string;
          /** Hash of what it was made from, when that is known. */
          readonly contentHash?: string;
          readonly commit?: string;
      };

/** The block `experiment`, checked, with every default filled in. */
export interface ExperimentConfiguration {
    /** Folder relative to Pulumi.yaml; there whenever the image is built. */
    readonly path?: string;
    readonly name: string;
    /** Stack of the server; not there when this stack has a server of its own. */
    readonly on?: { readonly stack: string };
    readonly hostnames: readonly string[];
    readonly image: ExperimentImageConfiguration;
    readonly parameters: Readonly<Record<string, ParameterType>>;
    readonly limits: {
        /** Docker's notation, in lower case: `2g`. */
        readonly memory?: string;
        readonly cpus?: number;
        readonly connections?: number;
        /** MiB that have to be free on the server before an image is pulled. */
        readonly freeSpace: number;
    };
    readonly releases: {
        /** Number of releases that stay on the server with their images. */
        readonly keep: number;
        /** Seconds that a new one gets to become healthy. */
        readonly healthyWithin: number;
    };
    /** When somebody wanted everything on the server brought to what the stack says; empty when nobody has. */
    readonly mended: string;
    /** Name of the backup that the app begins with where it has no data yet; empty when there is none. */
    readonly archive: string;
    readonly backup: {
        /** Seconds that workers get to finish before a removal's backup. */
        readonly workersTimeout: number;
    };
}

/** What the rest of the stack's configuration says that matters to the experiment. */
export interface ExperimentSurroundings {
    /** Whether the stack has a `server` block, right or wrong. */
    readonly hasServer: boolean;
    /** Platform of that server, when it is known. */
    readonly platform?: Platform | undefined;
}

/** Checks the block `experiment`. */
export function checkExperiment(raw: unknown, around: ExperimentSurroundings): CheckedBlock<ExperimentConfiguration> {
    const { value, problems } = checkBlock({ block: "experiment", shape: experimentShape }, raw);
    const found = [...problems, ...checkCombinations(raw, around)];
    if (value === undefined || found.length > 0) return { problems: found };
    const {
        path,
        name,
        on,
        hostnames = [],
        image,
        parameters = {},
        limits = {},
        releases,
        mended = "",
        archive = "",
        backup,
    } = value;
    const { memory, cpus, connections } = limits;
    return {
        value: {
            ...(path !== undefined && { path }),
            name,
            ...(typeof on === "object" && { on }),
            hostnames,
            image: readImage(image, around.platform),
            parameters,
            limits: {
                ...(memory !== undefined && { memory: memory.toLowerCase() }),
                ...(cpus !== undefined && { cpus }),
                ...(connections !== undefined && { connections }),
                freeSpace: mebibytes(limits.freeSpace ?? "2g"),
            },
            releases: { keep: releases?.keep ?? 5, healthyWithin: releases?.healthyWithin ?? 180 },
            mended,
            archive,
            backup: { workersTimeout: backup?.workersTimeout ?? 600 },
        },
        problems: [],
    };
}

/** A size in Docker's notation, in MiB. */
function mebibytes(size: string): number {
    const factor = { k: 1 / 1024, m: 1, g: 1024 }[size.slice(-1).toLowerCase()] ?? 1;
    return Math.ceil(Number.parseFloat(size) * factor);
}

function readImage(
    { repository, reference, platform }: z.infer<typeof experimentShape>["image"],
    serverPlatform: Platform | undefined,
): ExperimentImageConfiguration {
    if (repository === undefined) return { reference: reference ?? "" };
    return { repository, platform: platform ?? serverPlatform ?? "linux/amd64" };
}

/** Keys that need or exclude each other; looks at what is there, so that wrong values do not hide it. */
function checkCombinations(raw: unknown, { hasServer, platform }: ExperimentSurroundings): Problem[] {
    const block = record(raw);
    const on = configurationPath("experiment", "on");
    const image = record(block.image);
    const problems: Problem[] = [];
    if (hasServer && block.on !== undefined) {
        problems.push({
            path: on,
            message: "must be left out beside a server block: the experiment runs on that server",
            fix: removeCommand(on),
        });
    }
    if (!hasServer && block.on === undefined) {
        const stack = configurationPath("experiment", "on", "stack");
        problems.push({
            path: on,
            message: "is required in a stack without a server block: the stack that prepared the server",
            fix: setCommand(stack, "lab1"),
        });
    }
    if (typeof block.image === "object") problems.push(...checkImage(image, block.path !== undefined));
    if (platform !== undefined && typeof image.platform === "string" && image.platform !== platform) {
        const path = configurationPath("experiment", "image", "platform");
        problems.push({
            path,
            message: `is ${image.platform}, but the server is ${platform}`,
            fix: removeCommand(path),
        });
    }
    return problems;
}

function checkImage(image: Record<string, unknown>, hasPath: boolean): Problem[] {
    const at = (key: string) => configurationPath("experiment", "image", key);
    if (image.repository === undefined && image.reference === undefined) {
        return [
            {
                path: configurationPath("experiment", "image"),
                message: "needs repository (to build) or reference (built before)",
                fix: setCommand(at("repository"), "ghcr.io/lab/recall"),
            },
        ];
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

function record(value: unknown): Record<string, unknown> {
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
