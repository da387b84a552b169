import type { z } from "zod";
import { type CheckedBlock, checkBlock } from "../checking/blockProblems.ts";
import { configurationPath, removeCommand, setCommand, setSecretCommand } from "../checking/configurationPath.ts";
import type { Platform } from "../checking/platform.ts";
import type { Problem } from "../checking/problems.ts";
import { property, record } from "../checking/rawValue.ts";
import {
    checkImage,
    checkImagePlatform,
    type ExperimentImageConfiguration,
    readImage,
} from "../image/imageConfiguration.ts";
import type { ParameterType } from "../settings/dallingerKeys.ts";
import { APP_DEFAULTS } from "./appDefaults.ts";
import type { BackupRepository } from "./backupRepository.ts";
import { experimentShape } from "./experimentShape.ts";
import { isLocal, type LocalConfiguration, readLocal } from "./localExperiment.ts";
import { checkKept, readScheduled, type ScheduledBackups } from "./scheduledBackups.ts";

/** The block `experiment`, checked, with every default filled in. */
export interface ExperimentConfiguration {
    /** Folder relative to Pulumi.yaml; there whenever the image is built. */
    readonly path?: string;
    readonly name: string;
    /** Stack of the server, or how it runs on this machine; not there when this stack has a server of its own. */
    readonly on?: { readonly stack: string } | { readonly local: LocalConfiguration };
    readonly hostnames: readonly string[];
    /** Whether the host names are asked from the machine of who deploys. */
    readonly checkFromHere: boolean;
    readonly image: ExperimentImageConfiguration;
    /** Who the server pulls the image as; not there when nobody has to log in. */
    readonly registryUser?: string;
    readonly parameters: Readonly<Record<string, ParameterType>>;
    readonly limits: Readonly<ReturnType<typeof readLimits>>;
    readonly releases: {
        /** Number of releases that stay on the server with their images. */
        readonly keep: number;
        /** Seconds that a new one gets to become healthy. */
        readonly healthyWithin: number;
        readonly quietWithin: number;
    };
    /** When somebody wanted everything on the server brought to what the stack says; empty when nobody has. */
    readonly mended: string;
    /** Name of the backup that the app begins with where it has no data yet; empty when there is none. */
    readonly archive: string;
    readonly backup: {
        /** Seconds that workers get to finish before a removal's backup. */
        readonly workersTimeout: number;
        /** Not there when the app is saved only when somebody says so. */
        readonly scheduled?: ScheduledBackups;
        /** Where backups go beside the server; not there when they stay on it. */
        readonly repository?: BackupRepository;
    };
}

/** What the rest of the stack's configuration says that matters to the experiment. */
export interface ExperimentSurroundings {
    /** Whether the stack has a `server` block, right or wrong. */
    readonly hasServer: boolean;
    /** Platform of that server, when it is known. */
    readonly platform?: Platform | undefined;
    /** `docker_image_base_name` of the experiment's config.txt: its repository, where the block names none. */
    readonly imageBaseName?: string | undefined;
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
        checkFromHere = APP_DEFAULTS.checkFromHere,
        image,
        parameters = {},
    } = value;
    const { limits = {}, releases, mended = "", archive = "", backup } = value;
    return {
        value: {
            ...(path !== undefined && { path }),
            name,
            ...(on !== undefined && { on: on === "local" ? { local: readLocal(value.local) } : on }),
            hostnames,
            checkFromHere,
            image: readImage(image, {
                ...{ app: name, platform: around.platform, baseName: around.imageBaseName },
                ...(on === "local" && { delivery: "local" }),
            }),
            ...(image?.registryUser !== undefined && { registryUser: image.registryUser }),
            parameters,
            limits: readLimits(limits),
            releases: {
                keep: releases?.keep ?? APP_DEFAULTS.retainedReleases,
                healthyWithin: releases?.healthyWithin ?? APP_DEFAULTS.healthyWithin,
                quietWithin: releases?.quietWithin ?? APP_DEFAULTS.quietWithin,
            },
            mended,
            archive,
            backup: {
                workersTimeout: backup?.workersTimeout ?? APP_DEFAULTS.workersTimeout,
                ...readScheduled(backup),
                ...(backup?.repository !== undefined && { repository: backup.repository }),
            },
        },
        problems: [],
    };
}

/** The limits, those of containers and of connections as they are: `freeSpace` in MiB, `requestBody` in bytes. */
function readLimits(limits: z.infer<typeof experimentShape>["limits"] & {}) {
    const { memory, freeSpace, requestBody, ...others } = limits;
    return {
        ...others,
        ...(memory !== undefined && { memory: memory.toLowerCase() }),
        freeSpace: freeSpace === undefined ? APP_DEFAULTS.freeSpace : Math.ceil(sizeInBytes(freeSpace) / 1024 ** 2),
        requestBody: requestBody === undefined ? APP_DEFAULTS.requestBody : sizeInBytes(requestBody),
    };
}

/** A size in Docker's notation, in bytes. */
export function sizeInBytes(size: string): number {
    const power = ["k", "m", "g"].indexOf(size.slice(-1).toLowerCase()) + 1;
    return Math.round(Number.parseFloat(size) * 1024 ** power);
}

/** Keys that need or exclude each other; looks at what is there, so that wrong values do not hide it. */
function checkCombinations(raw: unknown, around: ExperimentSurroundings): Problem[] {
    const { hasServer, platform, imageBaseName: baseName } = around;
    const block = record(raw);
    const on = configurationPath("experiment", "on");
    const image = record(block.image);
    const problems: Problem[] = [];
    if (hasServer && block.on !== undefined && !isLocal(raw)) {
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
            message: "is required in a stack without a server block: local, or the stack that prepared the server",
            fix: `${setCommand(stack, "lab1")}   (or ${setCommand(on, "local")})`,
        });
    }
    if (block.image === undefined || typeof block.image === "object") {
        problems.push(...checkImage(image, { hasPath: block.path !== undefined, baseName, isLocal: isLocal(raw) }));
    }
    problems.push(...checkKept(raw));
    if (platform !== undefined) problems.push(...checkImagePlatform(image.platform, platform));
    return problems;
}

/** The blocks that a login of the server to the image's registry is made of. */
export interface LoginBlocks {
    readonly experiment?: unknown;
    readonly serverSecrets?: unknown;
}

/** A user and a password go together; looks at what is there, right or wrong. */
export function checkRegistryLogin({ experiment, serverSecrets }: LoginBlocks): Problem[] {
    const user = configurationPath("experiment", "image", "registryUser");
    const password = configurationPath("serverSecrets", "registryPassword");
    const hasUser = property(property(experiment, "image"), "registryUser") !== undefined;
    const hasPassword = property(serverSecrets, "registryPassword") !== undefined;
    if (hasUser && !hasPassword) {
        const message = "is required with experiment.image.registryUser: that user's password or token";
        return [{ path: password, message, fix: setSecretCommand(password) }];
    }
    if (hasPassword && !hasUser) {
        const message = "is used only with experiment.image.registryUser, the user whose password it is";
        return [{ path: password, message, fix: `${setCommand(user, "USER")}   (or ${removeCommand(password)})` }];
    }
    return [];
}
