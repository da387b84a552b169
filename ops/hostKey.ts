import { configurationPath, setCommand } from "../components/configuration/checking/configurationPath.ts";
import { isHostAddress } from "../components/configuration/checking/hostNames.ts";
import { parseHostKey } from "../components/configuration/server/hostKey.ts";
import { type ShownHostKey, shownHostKeys } from "../components/program/shownHostKeys.ts";
import { EXIT } from "./exitStatus.ts";
import { Refusal } from "./refusal.ts";
import { type Columns, printList } from "./table.ts";
import { withoutControls } from "./withoutControls.ts";

/** The types that are asked for, the one to take first; the last is shown for comparison, and `server.hostKey` takes none of it. */
const TYPES = ["ed25519", "ecdsa", "rsa"];

/**
 * Prints the keys that a host shows at the moment and, for people, how one of them gets into a stack. Nothing is trusted or written by
 * it, and no stack is needed. @returns the exit status.
 *
 * @throws {Refusal} when the host is none, or shows no key.
 */
export async function showHostKey(host: string, port: number, json: boolean): Promise<number> {
    if (!isHostAddress(host)) throw new Refusal(`${host} must be an IPv4 address or a host name in lower case`);
    const { keys, said } = await shownHostKeys(host, port, TYPES);
    if (keys.length === 0) throw new Refusal(noKey(host, port, said));
    printList(keys, columns, json);
    if (!json) console.log(howToSet(host, port, keys));
    return EXIT.done;
}

const columns: Columns<ShownHostKey> = { TYPE: ({ type }) => type, FINGERPRINT: ({ fingerprint }) => fingerprint };

function noKey(host: string, port: number, said: string): string {
    // A line that begins with # is about what has answered.
    const lines = said.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
    const why = withoutControls(lines.at(-1) ?? "nothing answered within 15 s");
    return `${host} shows no key on port ${port}: ${why}`;
}

/** What a person does with the keys; the fingerprint has to come from elsewhere, or nothing is gained. */
export function howToSet(host: string, port: number, keys: readonly ShownHostKey[]): string {
    const taken = keys.find(({ key }) => "key" in parseHostKey(key));
    if (taken === undefined)
        return "server.hostKey takes a key of type ssh-ed25519: `ssh-keygen -A` on the server's console makes one";
    const file = `/etc/ssh/ssh_host_${taken.type.startsWith("ecdsa") ? "ecdsa" : "ed25519"}_key.pub`;
    const set = (key: string, value: string) => `  ./${setCommand(configurationPath("server", key), value)}`;
    return [
        "",
        "Whoever answers at that address can show a key. Compare the fingerprint with the one that the provider's console shows,",
        `or with what the server's own console says to \`ssh-keygen -lf ${file}\`. If it is the same:`,
        set("host", host),
        ...(port === 22 ? [] : [set("port", String(port))]),
        set("hostKey", taken.key),
    ].join("\n");
}
