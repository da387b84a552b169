import { keyLength, knownHostName, readKnownHostsLine } from "../checking/hostKeys.ts";

/** Bytes of the shortest public key that is any good, that of ssh-ed25519. */
const SHORTEST = 51;

/** What is wrong with a line of a known_hosts file, after "must"; nothing when it names hosts and a whole key of theirs. */
export function wrongKnownHost(line: string): string | undefined {
    const read = readKnownHostsLine(line);
    if (read === undefined) return "be a line of known_hosts: host, type and key, as ssh-keyscan prints them";
    const { hosts, type, base64 } = read;
    if (/[|@*?!]/.test(hosts)) return "name its hosts in full: hashed names, markers and patterns cannot be compared";
    if ((keyLength(type, base64) ?? 0) >= SHORTEST) return undefined;
    return `hold a whole ${type} key: copy the line again, to its end`;
}

/** Whether a line of a known_hosts file holds a key of a host, by its name and port. */
export function knowsHost(line: string, host: string, port: number): boolean {
    return readKnownHostsLine(line)?.hosts.split(",").includes(knownHostName(host, port)) ?? false;
}
