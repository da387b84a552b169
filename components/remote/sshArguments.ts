import type { ServerAddress } from "./connection.ts";

/** Files that an ssh client reads. */
export interface SshFiles {
    /** Holds {@link knownHostsLine}, and nothing else. */
    readonly knownHosts: string;
    /** The stack's own key. Without it the ssh agent authenticates. */
    readonly privateKey?: string;
}

/** A line of known_hosts. */
export function knownHostsLine({ host, port, hostKey }: ServerAddress): string {
    return `${port === 22 ? host : `[${host}]:${port}`} ${hostKey}\n`;
}

/** A path as the value of an option of ssh, which takes several separated by spaces, and `%` for the start of a token (ssh_config(5)). */
export function optionPath(path: string): string {
    return `"${path.replaceAll("%", "%%")}"`;
}

/**
 * Arguments of `ssh` that log in as a `remote.Command` does: to the host that has the configured key, with the agent or the stack's
 * own key, and with nothing that the user's own configuration says. A command has to be added.
 */
export function sshArguments(
    { host, port, user }: ServerAddress,
    { knownHosts, privateKey }: SshFiles,
    forwarding: readonly string[],
): string[] {
    const trust = [
        "StrictHostKeyChecking=yes",
        `UserKnownHostsFile=${optionPath(knownHosts)}`,
        "GlobalKnownHostsFile=/dev/null",
    ];
    const authentication =
        privateKey === undefined
            ? ["IdentityFile=none"]
            : [`IdentityFile=${optionPath(privateKey)}`, "IdentitiesOnly=yes", "IdentityAgent=none"];
    // A server that is gone is noticed within two minutes; a build on it can be silent for longer.
    const connection = ["BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=15", "ServerAliveCountMax=8"];
    // Layers and archives are not compressed.
    const transfer = ["Compression=yes", "ExitOnForwardFailure=yes", "LogLevel=INFO"];
    const options = [...trust, ...authentication, ...connection, ...transfer].flatMap((option) => ["-o", option]);
    return ["-F", "none", ...options, ...forwarding, "-p", String(port), `${user}@${host}`];
}
