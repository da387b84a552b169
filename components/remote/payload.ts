import { createHash } from "node:crypto";

/** A file that a script on the server finds in its payload. */
export interface PayloadFile {
    /** Relative path; no white space. */
    readonly path: string;
    readonly content: string;
    /** Octal mode there. Defaults to `600`. */
    readonly mode?: "600" | "700";
}

/**
 * Renders files for `receive` of templates/shared/receive.sh: a line per file and a closing checksum, by which the server
 * tells a payload that has arrived whole from one that was cut.
 *
 * The same files give the same bytes in any order: the text is a resource input.
 *
 * @throws {RangeError} for a path that has white space or leaves the payload's folder.
 */
export function renderPayload(files: readonly PayloadFile[]): string {
    const lines = files.toSorted(byPath).map(renderFile).join("");
    return `${lines}end ${createHash("sha256").update(lines).digest("hex")}\n`;
}

function byPath(a: PayloadFile, b: PayloadFile): number {
    return a.path < b.path ? -1 : 1;
}

function renderFile({ path, content, mode = "600" }: PayloadFile): string {
    if (!/^[\w.:@-]+(\/[\w.:@-]+)*$/.test(path) || path.split("/").includes("..")) {
        throw new RangeError(`"${path}" cannot be the path of a payload's file`);
    }
    return `${mode} ${path} ${Buffer.from(content).toString("base64")}\n`;
}
