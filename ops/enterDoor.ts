import { quote } from "../components/configuration/checking/shellWord.ts";

/**
 * A verb's script, where an earlier version of this program has prepared what is there: it has no door before its next `up`. `$0` is the
 * door, and the arguments are the verb and its words.
 */
const enter = [
    `[ ! -x "$0" ] || exec "$0" "$@"`,
    `script=$(dirname "$0")/$1.sh; shift`,
    `[ ! -x "$script" ] || exec "$script" "$@"`,
    "echo 'an earlier version of this program has prepared this server: run `./pulumi up` in its stack first' >&2; exit 1",
].join("\n");

/** A command line that does something by a door of the server, which older servers may not have. */
export function enterDoor(door: string, verb: string, ...words: readonly string[]): string {
    return ["sh", "-c", enter, door, verb, ...words].map(quote).join(" ");
}
