import { configurationPath, removeCommand, setCommand, setSecretCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";

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

function property(value: unknown, key: string): unknown {
    return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
