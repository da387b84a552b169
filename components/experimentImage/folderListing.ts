import { existsSync, lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { execaSync } from "execa";
import { isExcludedName, isExcludedPath } from "./excludedNames.ts";

/** Git could not say which files belong to a folder that lies in its work tree. */
export class GitListingError extends Error {}

/**
 * Lists what belongs to an experiment's folder: what git tracks or would track where the folder lies in a work tree that
 * does not ignore it as a whole, else everything; in both cases without the excluded names. Folders are not listed, links are.
 *
 * @throws {GitListingError} when git is needed and fails.
 */
export function listFolder(folder: string): string[] {
    const tracked = isInWorkTree(folder) ? listWithGit(folder) : [];
    const paths = tracked.length > 0 ? tracked.flatMap((path) => withNested(folder, path)) : listAll(folder);
    return [...new Set(paths)].filter((path) => !isExcludedPath(path));
}

function isInWorkTree(folder: string): boolean {
    if (existsSync(join(folder, ".git"))) return true;
    const parent = dirname(folder);
    return parent !== folder && isInWorkTree(parent);
}

function listWithGit(folder: string): string[] {
    // What a git hook sets would point git at another repository.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
    const { failed, code, stdout, stderr, shortMessage } = execaSync(
        "git",
        ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        { cwd: folder, env, extendEnv: false, reject: false, maxBuffer: 1e9, stripFinalNewline: false },
    );
    if (code === "ENOENT") throw new GitListingError("git is not installed");
    if (failed) throw new GitListingError(stderr.trim().split("\n")[0] || shortMessage);
    return stdout.split("\0").filter((path) => path !== "");
}

/** Git names a repository inside another one as one entry, and tracks files that are deleted on disk. */
function withNested(folder: string, path: string): string[] {
    const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (!found.isDirectory()) return [path];
    const nested = path.replace(/\/$/, "");
    return isExcludedPath(nested) ? [] : listFolder(join(folder, nested)).map((inside) => `${nested}/${inside}`);
}

function listAll(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true })
        .filter(({ name }) => !isExcludedName(name))
        .flatMap((entry) => {
            if (!entry.isDirectory()) return [entry.name];
            return listAll(join(folder, entry.name)).map((inside) => `${entry.name}/${inside}`);
        });
}
