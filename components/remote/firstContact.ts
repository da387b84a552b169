import { type PayloadFile, renderPayload } from "./payload.ts";
import { readTemplate } from "./templates.ts";

/** What {@link firstContactCommand} reads on a server that has no script of ours yet. */
export interface FirstContact {
    /** Path of the payload's script that is run with the mode (`create` or `update`) and the payload's folder. */
    readonly script: string;
    readonly files: readonly PayloadFile[];
}

/** The command line whose standard input {@link renderFirstContact} gives. Errors show it: it has to mean nothing by itself. */
export function firstContactCommand(mode: "create" | "update"): string {
    return `exec sh -s ${mode}`;
}

/**
 * Renders a script that becomes root, unpacks its own payload into a folder only root can read, runs one of its files and
 * removes it.
 *
 * The script takes the mode as its first argument. Cut anywhere on its way it changes nothing: the payload's checksum is
 * checked before anything of it runs.
 */
export function renderFirstContact({ script, files }: FirstContact): string {
    return [
        "set -eu",
        readTemplate("shared/root.sh"),
        `as_root sh -s "$1" <<'END OF SCRIPT'`,
        "set -eu",
        readTemplate("shared/receive.sh"),
        "payload=$(mktemp -d /run/dallinger.XXXXXXXX)",
        `trap 'rm -rf "$payload"' EXIT`,
        // A shell that a signal ends does not come to that; PIPE is who listened, and is gone.
        "trap 'exit 143' HUP INT TERM PIPE",
        `receive "$payload" <<'END OF PAYLOAD'`,
        `${renderPayload(files)}END OF PAYLOAD`,
        // Debian mounts /run so that nothing in it can be executed.
        `sh "$payload/${script}" "$1" "$payload" </dev/null`,
        "END OF SCRIPT",
        "",
    ].join("\n");
}
