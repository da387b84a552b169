import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { configurationPath, setCommand } from "../../configuration/checking/configurationPath.ts";
import type { Problem } from "../../configuration/checking/problems.ts";
import { type ContextFile, contentDigest } from "../files/contextFile.ts";
import { chooseFiles } from "../files/experimentFiles.ts";
import type { FileSource } from "../files/fileSources.ts";
import { GitListingError } from "../files/folderListing.ts";
import { sensitiveReason } from "../files/sensitiveFiles.ts";
import { checkSize, STANDARD_LIMIT } from "../files/sizeLimit.ts";
import { byBytes } from "./contentHash.ts";

/** What goes into an experiment's image, read from its folder. */
export interface BuildContext {
    /** The files, by path, in the order of its bytes; none when they cannot be told or are too many to be read. */
    readonly files: readonly ContextFile[];
    /** Whether the experiment brings a Dockerfile of its own. */
    readonly hasDockerfile: boolean;
    /** Everything that stands against building the image. */
    readonly problems: readonly Problem[];
}

/**
 * Reads an experiment's folder, given relative to the project's; `limit` is what its files may have together, in megabytes.
 * Reads files and runs git, contacts nothing.
 *
 * Every problem is reported at once; nothing is thrown for what a user can put right.
 */
export function readBuildContext(projectFolder: string, path: string, limit = STANDARD_LIMIT): BuildContext {
    const folder = resolve(projectFolder, path);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return refuse(missingFolder(path));
    try {
        const { files, problems } = chooseFiles(folder);
        const inFolder = problems.map((problem) => ({ ...problem, path: `${path}/${problem.path}` }));
        const tooBig = checkSize(path, files, limit);
        // Reading what is far too much takes minutes, and its hash is of no use.
        const read = tooBig.length > 0 ? [] : files.map((file) => readFile(path, file));
        const hasDockerfile = has(files, "Dockerfile");
        return {
            files: read.map(({ file }) => file).toSorted((a, b) => byBytes(a.path, b.path)),
            hasDockerfile,
            problems: [
                ...inFolder,
                ...tooBig,
                ...read.flatMap(({ problem }) => problem ?? []),
                ...missingFiles(path, files, hasDockerfile),
            ],
        };
    } catch (error) {
        if (error instanceof GitListingError) return refuse(gitFailure(path, error));
        throw error;
    }
}

function readFile(folder: string, found: FileSource): { file: ContextFile; problem?: Problem } {
    const content = readFileSync(found.source);
    const file = { ...found, digest: contentDigest(content) };
    const reason = sensitiveReason(found.path, content) ?? sensitiveReason(basename(found.source), content);
    if (reason === undefined) return { file };
    return {
        file,
        problem: {
            path: `${folder}/${found.path}`,
            message: `${reason}: whoever can pull the image could read it`,
            fix: "Move it out of the experiment's folder, or name it in .dockerignore; what the app has to know is a secret of the stack.",
        },
    };
}

function missingFiles(folder: string, files: readonly FileSource[], hasDockerfile: boolean): Problem[] {
    const problems: Problem[] = [];
    if (!has(files, "experiment.py", "dallinger_experiment.py")) {
        const fix = "Is it the right folder? If the file is there, git, deploy.toml or .dockerignore leaves it out.";
        problems.push({ path: folder, message: "has no experiment.py: it is no Dallinger experiment", fix });
    }
    if (!hasDockerfile && !has(files, "requirements.txt", "constraints.txt")) {
        const message = "has no requirements.txt, so that its image would have no Dallinger";
        problems.push({ path: folder, message, fix: `echo 'dallinger==12.4.0' > ${folder}/requirements.txt` });
    }
    return problems;
}

function has(files: readonly FileSource[], ...paths: readonly string[]): boolean {
    return files.some(({ path }) => paths.includes(path));
}

function missingFolder(folder: string): Problem {
    const path = configurationPath("experiment", "path");
    const message = `names ${JSON.stringify(folder)}, but there is no such folder beside Pulumi.yaml`;
    return { path, message, fix: setCommand(path, "examples/recall") };
}

function gitFailure(folder: string, { message }: Error): Problem {
    const fix = "git says which files belong to the experiment: make `git status` work in that folder.";
    return { path: folder, message: `cannot be read as a part of its git repository: ${message}`, fix };
}

function refuse(problem: Problem): BuildContext {
    return { files: [], hasDockerfile: false, problems: [problem] };
}
