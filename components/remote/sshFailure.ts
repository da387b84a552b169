/** Causes that end an ssh connection, and what to do about each. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
    [
        /host key verification failed|remote host identification has changed|no matching host key type/i,
        "host key mismatch: somebody else answers at that address, or the server was reinstalled; compare the fingerprint on its console before you change dallinger:server.hostKey",
    ],
    [
        /permission denied \(/i,
        "the server lets nobody in with these keys: `ssh-add -l` lists those of your agent, and dallinger:serverSecrets.privateKey takes its place",
    ],
    [
        /remote port forwarding failed|administratively prohibited|open failed: .*forwarding/i,
        "the server's sshd forbids forwarding (AllowTcpForwarding, AllowStreamLocalForwarding, PermitListen in /etc/ssh/sshd_config): allow it, or use another dallinger:experiment.image.delivery",
    ],
];

/** Says in one line why an ssh connection has ended, by the lines that it has written to standard error. */
export function explainSshFailure(lines: readonly string[]): string {
    const cause = CAUSES.find(([pattern]) => lines.some((line) => pattern.test(line)));
    return cause?.[1] ?? lines.at(-1) ?? "ssh ended without a word";
}
