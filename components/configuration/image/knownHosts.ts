/** A line of a known_hosts file whose host is written out: `[git.lab.example]:2222 ssh-ed25519 AAAA…`. */
const LINE = /^(\S+) ((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+) ([A-Za-z0-9+/]+={0,2})(?: .*)?$/;

/** What is wrong with a line of a known_hosts file, after "must"; nothing when it names hosts and a whole key of theirs. */
export function wrongKnownHost(line: string): string | undefined {
    const [, hosts = "", type = "", base64 = ""] = LINE.exec(line) ?? [];
    if (hosts === "") return "be a line of known_hosts: host, type and key, as ssh-keyscan prints them";
    if (/[|@*?!]/.test(hosts)) return "name its hosts in full: hashed names, markers and patterns cannot be compared";
    const blob = Buffer.from(base64, "base64");
    const inner = blob.length < 4 ? "" : blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
    if (blob.toString("base64") === base64 && inner === type && blob.length > 50) return undefined;
    return `hold a whole ${type} key: copy the line again, to its end`;
}

/** Whether a line of a known_hosts file holds a key of a host, by its name and port. */
export function knowsHost(line: string, host: string, port: number): boolean {
    const [, hosts = ""] = LINE.exec(line) ?? [];
    return hosts.split(",").includes(port === 22 ? host : `[${host}]:${port}`);
}
