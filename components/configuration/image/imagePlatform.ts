import { configurationPath, removeCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import type { Platform } from "../server/serverConfiguration.ts";

/** Compares the platform that an image is asked for, if any is, with the server's. */
export function checkImagePlatform(asked: unknown, server: Platform): Problem[] {
    if (typeof asked !== "string" || asked === server) return [];
    const path = configurationPath("experiment", "image", "platform");
    return [{ path, message: `is ${asked}, but the server is ${server}`, fix: removeCommand(path) }];
}
