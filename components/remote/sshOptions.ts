/** Files that an ssh client reads. */
export interface SshFiles {
    /** Path of a known_hosts file that holds the keys of the hosts that are meant, and nothing else. */
    readonly knownHosts: string;
    /** Path of the stack's own key. Without it the ssh agent authenticates. */
    readonly privateKey?: string;
}

/**
 * Words behind `ssh` that keep every connection of ours to what a stack says: to a host whose key is known, with the agent or one
 * key, without a question, and with nothing that the user's own configuration says. `others` are more settings, `NAME=VALUE`.
 */
export function sshOptions({ knownHosts, privateKey }: SshFiles, others: readonly string[]): string[] {
    const trust = [
        "StrictHostKeyChecking=yes",
        `UserKnownHostsFile=${optionPath(knownHosts)}`,
        "GlobalKnownHostsFile=/dev/null",
    ];
    const authentication =
        privateKey === undefined
            ? ["IdentityFile=none"]
            : [`IdentityFile=${optionPath(privateKey)}`, "IdentitiesOnly=yes", "IdentityAgent=none"];
    const settings = [...trust, ...authentication, "BatchMode=yes", ...others];
    return ["-F", "none", ...settings.flatMap((setting) => ["-o", setting])];
}

/** A path as the value of an option of ssh, which takes several separated by spaces, and `%` for the start of a token (ssh_config(5)). */
function optionPath(path: string): string {
    return `"${path.replaceAll("%", "%%")}"`;
}
