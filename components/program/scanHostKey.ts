import { execa } from "execa";
import { configurationPath, setCommand } from "../configuration/checking/configurationPath.ts";
import { EXAMPLE_KEY, readKnownHostsLine, scanCommand } from "../configuration/checking/hostKeys.ts";

/** How to find a host's key and make sure of it, with the key that the host shows now if it answers within fifteen seconds: one that is busy takes its time. */
export async function scanHostKey(host: string, port: number): Promise<string> {
    const line = scanCommand(host, port);
    const set = (key: string) => setCommand(configurationPath("server", "hostKey"), key);
    const own = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub";
    const key = await shownKey(host, port);
    if (key === undefined) {
        return `${line}\nprints it; on the server's console, ${own}\nprints the fingerprint to compare it with; then ${set(EXAMPLE_KEY)}`;
    }
    const fingerprint = await execa("ssh-keygen", ["-lf", "-"], { input: `${key}\n`, reject: false });
    const [, sha256 = "?"] = fingerprint.stdout.split(" ");
    return `${line}\nshows a key with the fingerprint ${sha256}\nif that is what the server's console says to ${own}\nthen ${set(key)}`;
}

async function shownKey(host: string, port: number): Promise<string | undefined> {
    if (host.startsWith("-")) return undefined;
    const args = ["-t", "ed25519", "-T", "15", "-p", String(port), host];
    const { stdout = "" } = await execa("ssh-keyscan", args, { reject: false, timeout: 20_000 });
    const found = stdout.split("\n").flatMap((text) => readKnownHostsLine(text) ?? []);
    const key = found.find(({ type }) => type === "ssh-ed25519");
    return key && `${key.type} ${key.base64}`;
}
