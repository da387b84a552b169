import type { types } from "@pulumi/command";

/** How a server is reached over ssh. */
export interface ServerAddress {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    /** `type base64`. */
    readonly hostKey: string;
}

/**
 * The connection of a `remote.Command`, the same for every operator: authentication is the ssh agent's unless the stack has a
 * key of its own.
 *
 * Without `hostKey` the plugin would accept any host; few attempts, because each failed one counts against the operator's
 * address in OpenSSH 9.8 and newer (PerSourcePenalties).
 */
export function connectionTo(
    { host, port, user, hostKey }: ServerAddress,
    privateKey?: string,
): types.input.remote.ConnectionArgs {
    const key = privateKey === undefined ? {} : { privateKey };
    return { host, port, user, hostKey, ...key, dialErrorLimit: 2, perDialTimeout: 15 };
}
