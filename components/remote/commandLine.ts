import { quote } from "../configuration/checking/shellWord.ts";

/** A command line of these words, run as root: through `sudo` unless the user is root already. */
export function asRoot(user: string, ...words: (string | number)[]): string {
    return `exec ${user === "root" ? "" : "sudo -n "}${words.map(quote).join(" ")}`;
}

/**
 * A command line that runs a script as root if its folder is there, and does nothing if it is not: for `delete`, which has to
 * work on whatever a broken-off deployment has left. The script gets nothing to read: `delete` gets the standard input of `create`,
 * and has to have taken all of it, or the plugin says `EOF` where the network is slower than the script.
 */
export function asRootWhereFolder(user: string, folder: string, script: string, ...words: (string | number)[]): string {
    const call = [`${folder}/${script}`, ...words].map(quote).join(" ");
    return asRoot(user, "sh", "-c", `cat >/dev/null; test ! -d ${quote(folder)} || exec ${call} </dev/null`);
}
