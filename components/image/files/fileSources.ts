import { lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Problem } from "../../configuration/checking/problems.ts";

/** A file of the image and where its content is read. */
export interface FileSource {
    /** Relative to the experiment's folder, as it will be in the image. */
    readonly path: string;
    /** Absolute path of the file itself, links followed. */
    readonly source: string;
    readonly executable: boolean;
    /** In bytes. */
    readonly size: number;
}

/**
 * Follows the links among the listed paths: a link to a file becomes that file, a link to a folder becomes the listed files of
 * that folder. A link that leaves the experiment's folder or leads nowhere is a problem.
 */
export function resolveFiles(folder: string, paths: readonly string[]): { files: FileSource[]; problems: Problem[] } {
    const root = realpathSync(folder);
    const found = paths.map((path) => resolveFile(root, path));
    const plain = found.flatMap((item) => item.file ?? []);
    const linked = found.flatMap(({ link }) => (link === undefined ? [] : filesBehind(link, plain)));
    const files = [...plain, ...linked];
    return { files, problems: [...found.flatMap(({ problem }) => problem ?? []), ...sameNames(files)] };
}

interface FolderLink {
    readonly path: string;
    /** The folder it leads to, relative to the experiment's folder. */
    readonly target: string;
}

interface Resolved {
    readonly file?: FileSource;
    readonly link?: FolderLink;
    readonly problem?: Problem;
}

function resolveFile(root: string, path: string): Resolved {
    const at = join(root, path);
    const refuse = (message: string, fix: string): Resolved => ({ problem: { path, message, fix } });
    if (!lstatSync(at).isSymbolicLink()) return describe(path, at, statSync(at));
    const source = follow(at);
    if (source === undefined)
        return refuse("is a symbolic link to nothing", "Remove it, or put back what it leads to.");
    const target = relative(root, source);
    if (target === ".." || target.startsWith(`..${sep}`)) {
        return refuse("is a symbolic link that leaves the experiment's folder", "Put a copy in its place.");
    }
    const stats = statSync(source);
    if (stats.isDirectory()) return { link: { path, target: target.split(sep).join("/") } };
    return describe(path, source, stats);
}

function describe(path: string, source: string, stats: Stats): Resolved {
    if (stats.isFile()) {
        const executable = (stats.mode & 0o100) !== 0;
        return { file: { path: path.normalize("NFC"), source, executable, size: stats.size } };
    }
    return { problem: { path, message: "is neither a file nor a folder", fix: "Remove it." } };
}

function follow(link: string): string | undefined {
    try {
        return realpathSync(link);
    } catch {
        return undefined;
    }
}

/** Only files that were listed themselves: a link cannot bring in what git ignores, and a circle of links comes to an end. */
function filesBehind({ path, target }: FolderLink, plain: readonly FileSource[]): FileSource[] {
    const start = target === "" ? "" : `${target}/`;
    return plain
        .filter((file) => file.path.startsWith(start))
        .map((file) => ({ ...file, path: `${path}/${file.path.slice(start.length)}` }));
}

/** Names that only look alike until Unicode's forms are made one. */
function sameNames(files: readonly FileSource[]): Problem[] {
    const paths = files.map(({ path }) => path).toSorted();
    const twice = paths.filter((path, index) => path === paths[index + 1]);
    return twice.map((path) => ({ path, message: "is there twice, with its letters encoded in two ways" }));
}
