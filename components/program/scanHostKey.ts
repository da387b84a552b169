import { configurationPath, setCommand } from "../configuration/checking/configurationPath.ts";
import { EXAMPLE_KEY, scanCommand } from "../configuration/checking/hostKeys.ts";
import { shownHostKeys } from "./shownHostKeys.ts";

/** How to find a host's key and make sure of it, with the key that the host shows now if it answers. */
export async function scanHostKey(host: string, port: number): Promise<string> {
    const line = scanCommand(host, port);
    const set = (key: string) => setCommand(configurationPath("server", "hostKey"), key);
    const own = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub";
    const [shown] = (await shownHostKeys(host, port, ["ed25519"])).keys;
    if (shown === undefined) {
        return `${line}\nprints it; on the server's console, ${own}\nprints the fingerprint to compare it with; then ${set(EXAMPLE_KEY)}`;
    }
    return `${line}\nshows a key with the fingerprint ${shown.fingerprint}\nif that is what the server's console says to ${own}\nthen ${set(shown.key)}`;
}
