import type { ServerAddress } from "./connection.ts";
import { type SshFiles, sshOptions } from "./sshOptions.ts";

/** A server that is gone is noticed within two minutes; a build on it can be silent for longer. */
const PATIENCE = ["ConnectTimeout=15", "ServerAliveInterval=15", "ServerAliveCountMax=8"];

/** Layers and archives are not compressed. */
const TRANSFER = ["Compression=yes", "ExitOnForwardFailure=yes", "LogLevel=INFO"];

/**
 * Arguments of `ssh` that log in to a server as a `remote.Command` does. `forwarding` are options that forward something; a command has
 * to be added.
 */
export function sshArguments(
    { host, port, user }: ServerAddress,
    files: SshFiles,
    forwarding: readonly string[],
): string[] {
    return [...sshOptions(files, [...PATIENCE, ...TRANSFER]), ...forwarding, "-p", String(port), `${user}@${host}`];
}
