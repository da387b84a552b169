import { existsSync, lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { execaSync } from "execa";

/** Git could not say which files belong to a folder that lies in its work tree. */
export class GitListingError extends Error {}

/** Says of the name of a file or folder whether it is left out, with all that is in it. */
export type IsLeftOut = (name: string) => boolean;

/**
 * Lists what belongs to a folder: what git tracks or would track where the folder lies in a work tree that does not ignore it
 * as a whole, else everything. Folders are not listed, links are.
 *
 * @throws {GitListingError} when git is needed and fails.
 */
export function listFolder(folder: string, isLeftOut: IsLeftOut): string[] {
    const seen = isInWorkTree(folder) ? listSeen(folder, isLeftOut) : undefined;
    return seen ?? listAll(folder, isLeftOut);
}

/** Lists what git sees in a folder, and in the repositories in it; nothing to go by where git sees nothing at all. */
function listSeen(folder: string, isLeftOut: IsLeftOut): string[] | undefined {
    const seen = listWithGit(folder);
    if (seen.length === 0) return undefined;
    const paths = seen.flatMap((path) => withNested(folder, path, isLeftOut));
    return [...new Set(paths)].filter((path) => !path.split("/").some(isLeftOut));
}

/** Lists everything in a folder, whatever git says. Folders are not listed, links are. */
export function listAll(folder: string, isLeftOut: IsLeftOut): string[] {
    return readdirSync(folder, { withFileTypes: true })
        .filter(({ name }) => !isLeftOut(name))
        .flatMap((entry) => {
            if (!entry.isDirectory()) return [entry.name];
            return listAll(join(folder, entry.name), isLeftOut).map((inside) => `${entry.name}/${inside}`);
        });
}

/** Whether a folder lies in a work tree of git's. */
export function isInWorkTree(folder: string): boolean {
    if (existsSync(join(folder, ".git"))) return true;
    const parent = dirname(folder);
    return parent !== folder && isInWorkTree(parent);
}

/**
 * Lists what git knows of a folder: by default what it tracks, or would track.
 *
 * @throws {GitListingError} when it fails.
 */
export function listWithGit(folder: string, which: readonly string[] = SEEN): string[] {
    return runGit(folder, ["ls-files", "-z", ...which])
        .split("\0")
        .filter((path) => path !== "");
}

const SEEN = ["--cached", "--others", "--exclude-standard"];

/**
 * What git prints in a folder. `statuses` are those with which it ends well.
 *
 * @throws {GitListingError} when it fails.
 */
export function runGit(folder: string, args: readonly string[], statuses: readonly number[] = [0]): string {
    // What a git hook sets would point git at another repository.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
    const { exitCode, code, stdout, stderr, shortMessage } = execaSync("git", args, {
        ...{ cwd: folder, env, extendEnv: false, reject: false },
        ...{ maxBuffer: 1e9, stripFinalNewline: false },
    });
    if (code === "ENOENT") throw new GitListingError("git is not installed");
    if (exitCode === undefined || !statuses.includes(exitCode))
        throw new GitListingError(stderr.trim().split("\n")[0] || shortMessage);
    return stdout;
}

/**
 * Git names a repository inside another one as one entry, and tracks files that are deleted on disk. A repository that ignores all
 * that is in it has nothing for an image.
 */
function withNested(folder: string, path: string, isLeftOut: IsLeftOut): string[] {
    const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (!found.isDirectory()) return [path];
    const nested = path.replace(/\/$/, "");
    if (nested.split("/").some(isLeftOut)) return [];
    const at = join(folder, nested);
    // A submodule that somebody has filled by hand is no repository: git knows nothing of what is in it.
    const inside = listSeen(at, isLeftOut) ?? (existsSync(join(at, ".git")) ? [] : listAll(at, isLeftOut));
    return inside.map((own) => `${nested}/${own}`);
}
