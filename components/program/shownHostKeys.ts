import { createHash } from "node:crypto";
import { execa } from "execa";
import { readKnownHostsLine } from "../configuration/checking/hostKeys.ts";

/** A public key that a host shows to whoever asks. Nothing is proved by it: who answers may be somebody else. */
export interface ShownHostKey {
    /** `ssh-ed25519` */
    readonly type: string;
    /** Type and base64 text, as `server.hostKey` takes it. */
    readonly key: string;
    /** `SHA256:…`, as ssh-keygen and providers' consoles show it. */
    readonly fingerprint: string;
}

/** What `ssh-keyscan` has found out. */
export interface ScannedHost {
    /** One of each type that the host has, in the order of the types; none where it shows none. */
    readonly keys: readonly ShownHostKey[];
    /** What ssh-keyscan says of a host that does not answer. */
    readonly said: string;
}

/** Asks a host for its keys of these types, as `ssh-keyscan -t` calls them, for fifteen seconds: one that is busy takes its time. */
export async function shownHostKeys(host: string, port: number, types: readonly string[]): Promise<ScannedHost> {
    if (host.startsWith("-")) return { keys: [], said: "" };
    const args = ["-t", types.join(","), "-T", "15", "-p", String(port), host];
    const { stdout = "", stderr = "" } = await execa("ssh-keyscan", args, { reject: false, timeout: 20_000 });
    return { keys: readShownKeys(stdout, types), said: stderr };
}

/** Reads what ssh-keyscan prints. */
function readShownKeys(text: string, types: readonly string[]): ShownHostKey[] {
    const found = text.split("\n").flatMap((line) => readKnownHostsLine(line) ?? []);
    const keys = found.map(({ type, base64 }) => ({ type, key: `${type} ${base64}`, fingerprint: sha256(base64) }));
    const order = ({ type }: ShownHostKey) => types.findIndex((name) => type.includes(name));
    const once = [...new Map(keys.map((each) => [each.key, each])).values()];
    return once.toSorted((a, b) => order(a) - order(b));
}

/** OpenSSH's fingerprint of a key (sshkey_fingerprint). */
function sha256(base64: string): string {
    const hash = createHash("sha256").update(Buffer.from(base64, "base64")).digest("base64");
    return `SHA256:${hash.replace(/=+$/, "")}`;
}
