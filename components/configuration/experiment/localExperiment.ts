import type { z } from "zod";
import { type Block, configurationPath, removeCommand, setCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import { property } from "../checking/rawValue.ts";
import { SERVICE_IMAGES } from "../checking/serviceImages.ts";
import { APP_DEFAULTS } from "./appDefaults.ts";
import type { experimentShape } from "./experimentShape.ts";

/** An experiment on the machine of who works on it, every default filled in. */
export interface LocalConfiguration {
    /** Port of the machine; not there when it is the first free one. */
    readonly port?: number;
    /** Port of PostgreSQL on the machine; not there when only the experiment reaches it. */
    readonly databasePort?: number;
    /** Port of Redis on the machine; not there when only the experiment reaches it. */
    readonly redisPort?: number;
    readonly images: {
        readonly postgres: string;
        readonly redis: string;
        /** By which bots take part; `none` where they need none. Not there when there are no bots. */
        readonly browser?: string;
    };
    /** Anything; with another text the experiment begins with an empty database. */
    readonly fresh: string;
    /** Whether the data is saved before it is removed. */
    readonly save: boolean;
}

/** Reads the map `experiment.local`, in which nothing is wrong. */
export function readLocal(local: z.infer<typeof experimentShape>["local"] = {}): LocalConfiguration {
    const { port, databasePort, redisPort, images, fresh = "", save = APP_DEFAULTS.saveLocal } = local;
    return {
        ...(port !== undefined && { port }),
        ...(databasePort !== undefined && { databasePort }),
        ...(redisPort !== undefined && { redisPort }),
        images: {
            postgres: images?.postgres ?? SERVICE_IMAGES.postgres,
            redis: images?.redis ?? SERVICE_IMAGES.redis,
            ...(images?.browser !== undefined && { browser: images.browser }),
        },
        ...{ fresh, save },
    };
}

/** Whether a block `experiment`, right or wrong, says that it runs on this machine. */
export function isLocal(experiment: unknown): boolean {
    return property(experiment, "on") === "local";
}

/** Whether such a block says by which browser bots take part, or that they need none. */
export function hasBrowser(experiment: unknown): boolean {
    return ["local", "images", "browser"].reduce<unknown>(property, experiment) !== undefined;
}

/** The blocks among which some have no place beside each other. */
export type LocalBlocks = Partial<Readonly<Record<Block, unknown>>>;

/** What is of servers and has no meaning on this machine; and what is of this machine and has none on a server. */
export function checkLocal(raw: LocalBlocks): Problem[] {
    const { experiment } = raw;
    if (!isLocal(experiment)) return property(experiment, "local") === undefined ? [] : [LONELY];
    const blocks = SERVER_BLOCKS.filter((block) => raw[block] !== undefined && raw[block] !== null);
    const keys = SERVER_KEYS.filter((keys) => keys.reduce<unknown>(property, experiment) !== undefined);
    return [
        ...blocks.map((block) => misplaced(configurationPath(block), `pulumi config rm ${configurationPath(block)}`)),
        ...keys.map((keys) => misplaced(configurationPath("experiment", ...keys))),
        ...checkPorts(experiment),
    ];
}

const SERVER_BLOCKS = ["server", "serverSecrets", "experimentSecrets", "rollback", "rollbackSecrets"] as const;

const SERVER_KEYS = [
    ["hostnames"],
    ["checkFromHere"],
    ["image", "delivery"],
    ["image", "registryUser"],
    ["limits", "connections"],
    ["limits", "freeSpace"],
    ["limits", "requestBody"],
    ["releases"],
    ["backup"],
    ["mended"],
    ["archive"],
] as const;

function misplaced(path: string, fix = removeCommand(path)): Problem {
    return { path, message: "must be left out with experiment.on local: it is about servers", fix };
}

const LONELY: Problem = {
    path: configurationPath("experiment", "local"),
    message: "is used only with experiment.on local",
    fix: `${removeCommand(configurationPath("experiment", "local"))}   (or ${setCommand(configurationPath("experiment", "on"), "local")})`,
};

/** Two things cannot listen on one port. */
function checkPorts(experiment: unknown): Problem[] {
    const local = property(experiment, "local");
    const ports = (["port", "databasePort", "redisPort"] as const).map((key) => [key, property(local, key)] as const);
    return ports.flatMap(([key, port], index) => {
        const [other] = ports.slice(0, index).find(([, earlier]) => port !== undefined && earlier === port) ?? [];
        if (other === undefined) return [];
        const path = configurationPath("experiment", "local", key);
        return [{ path, message: `is that of experiment.local.${other} already`, fix: removeCommand(path) }];
    });
}
