/** A public host key as messages and examples show one. */
export const EXAMPLE_KEY = "ssh-ed25519 AAAA…";

const KEY_TYPE = "(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\\w@.-]+";
const TYPE = new RegExp(`^${KEY_TYPE}$`);
const LINE = new RegExp(`^(\\S+) (${KEY_TYPE}) ([A-Za-z0-9+/]+={0,2})(?: .*)?$`);

/** Tells the type of a public key, `ssh-ed25519`, from a host's name and from base64: every type that OpenSSH knows counts. */
export function isKeyType(word: string): boolean {
    return TYPE.test(word);
}

/** A line of a known_hosts file in its parts: `[git.lab.example]:2222 ssh-ed25519 AAAA…`. */
export interface KnownHostsLine {
    /** Names of hosts, separated by commas, as they stand there; see {@link knownHostName}. */
    readonly hosts: string;
    readonly type: string;
    readonly base64: string;
}

/** Reads a line of a known_hosts file, which may end with a comment; nothing for anything else. */
export function readKnownHostsLine(line: string): KnownHostsLine | undefined {
    const [, hosts, type, base64] = LINE.exec(line) ?? [];
    return hosts === undefined || type === undefined || base64 === undefined ? undefined : { hosts, type, base64 };
}

/** Tells a whole key from one that was cut off: its length in bytes. Nothing for base64 that is no key of this type. */
export function keyLength(type: string, base64: string): number | undefined {
    const blob = Buffer.from(base64, "base64");
    if (blob.toString("base64") !== base64 || blob.length < 4) return undefined;
    // It names its type itself: a length of four bytes, then that many.
    const own = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
    return own === type ? blob.length : undefined;
}

/** The name by which a known_hosts file has a host, where another port than 22 counts. */
export function knownHostName(host: string, port: number): string {
    return port === 22 ? host : `[${host}]:${port}`;
}

/** The command by which a person gets the key that a host shows. */
export function scanCommand(host: string, port: number): string {
    return `ssh-keyscan -t ed25519${port === 22 ? "" : ` -p ${port}`} ${host}`;
}
