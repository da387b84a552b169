import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { configurationPath, removeCommand } from "../../configuration/checking/configurationPath.ts";
import type { Problem } from "../../configuration/checking/problems.ts";
import { type ContextFile, contentDigest } from "../files/contextFile.ts";
import { isLeftover } from "../files/excludedNames.ts";
import { type FileSource, resolveFiles } from "../files/fileSources.ts";
import { GitListingError, listFolder } from "../files/folderListing.ts";
import { sensitiveReasonInDallinger } from "../files/sensitiveFiles.ts";

/** A checkout of Dallinger, and what is wrong with it. */
export interface DallingerCheckout {
    /** Its files as git sees them, by path in it. */
    readonly files: readonly ContextFile[];
    readonly problems: readonly Problem[];
}

/** Reads a checkout of Dallinger, given relative to the project's folder. A wheel of it is made in the build. */
export function readDallinger(projectFolder: string, path: string): DallingerCheckout {
    const folder = resolve(projectFolder, path);
    const at = configurationPath("experiment", "image", "dallinger");
    const refuse = (message: string) => ({ files: [], problems: [{ path: at, message, fix: removeCommand(at) }] });
    const project = readProject(folder);
    if (project === undefined || !/^\s*name\s*=\s*["']dallinger["']/im.test(project)) {
        return refuse(
            `names ${JSON.stringify(path)}, where there is no pyproject.toml of Dallinger's; paths are relative to Pulumi.yaml`,
        );
    }
    try {
        const { files, problems } = resolveFiles(folder, listFolder(folder, isLeftover));
        const read = files.map(readFile);
        return {
            files: read.map(({ file }) => file),
            problems: [...problems, ...read.flatMap(({ problem }) => problem ?? [])].map((problem) => {
                return { ...problem, path: `${path}/${problem.path}` };
            }),
        };
    } catch (error) {
        if (error instanceof GitListingError)
            return refuse(`names ${JSON.stringify(path)}, which git cannot read: ${error.message}`);
        throw error;
    }
}

function readFile(found: FileSource): { file: ContextFile; problem?: Problem } {
    const content = readFileSync(found.source);
    const file = { ...found, digest: contentDigest(content) };
    const reason = sensitiveReasonInDallinger(found.path, content);
    if (reason === undefined) return { file };
    const message = `${reason}: whoever can pull the image could read it`;
    const fix = "Move it out of the checkout, or have git ignore it.";
    return { file, problem: { path: found.path, message, fix } };
}

function readProject(folder: string): string | undefined {
    const file = join(folder, "pyproject.toml");
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : undefined;
}
