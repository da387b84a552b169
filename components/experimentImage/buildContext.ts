import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { configurationPath, setCommand } from "../configuration/configurationPath.ts";
import type { Problem } from "../problems.ts";
import { type ContextFile, contentDigest } from "./contentHash.ts";
import { type FileSource, resolveFiles } from "./fileSources.ts";
import { GitListingError, listFolder } from "./folderListing.ts";
import { sensitiveReason } from "./sensitiveFiles.ts";

/** What goes into an experiment's image, read from its folder. */
export interface BuildContext {
    /** The files, by path; none when there are problems with the folder itself. */
    readonly files: readonly SourceFile[];
    /** Whether the experiment brings a Dockerfile of its own. */
    readonly hasDockerfile: boolean;
    /** Everything that stands against building the image. */
    readonly problems: readonly Problem[];
}

/** A file of the image, with the place its content was read from. */
export type SourceFile = FileSource & ContextFile;

/**
 * Reads an experiment's folder, given relative to the project's. Reads files and runs git, contacts nothing.
 *
 * Every problem is reported at once; nothing is thrown for what a user can put right.
 */
export function readBuildContext(projectFolder: string, path: string): BuildContext {
    const folder = resolve(projectFolder, path);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return refuse(missingFolder(path));
    try {
        const { files, problems } = resolveFiles(folder, listFolder(folder));
        const read = files.map((file) => readFile(path, file));
        const sources = read.map(({ file }) => file);
        const hasDockerfile = has(sources, "Dockerfile");
        return {
            files: sources,
            hasDockerfile,
            problems: [
                ...problems.map((problem) => ({ ...problem, path: `${path}/${problem.path}` })),
                ...read.flatMap(({ problem }) => problem ?? []),
                ...missingFiles(path, sources, hasDockerfile),
            ],
        };
    } catch (error) {
        if (error instanceof GitListingError) return refuse(gitFailure(path, error));
        throw error;
    }
}

function readFile(folder: string, found: FileSource): { file: SourceFile; problem?: Problem } {
    const content = readFileSync(found.source);
    const file = { ...found, digest: contentDigest(content) };
    const reason = sensitiveReason(found.path, content) ?? sensitiveReason(basename(found.source), content);
    if (reason === undefined) return { file };
    return {
        file,
        problem: {
            path: `${folder}/${found.path}`,
            message: `${reason}: whoever can pull the image could read it`,
            fix: "Move it out of the experiment's folder, or name it in .gitignore where git tracks the folder.",
        },
    };
}

function missingFiles(folder: string, files: readonly ContextFile[], hasDockerfile: boolean): Problem[] {
    const problems: Problem[] = [];
    if (!has(files, "experiment.py", "dallinger_experiment.py")) {
        const fix = "Is it the right folder? If the file is there, git ignores it.";
        problems.push({ path: folder, message: "has no experiment.py: it is no Dallinger experiment", fix });
    }
    if (!hasDockerfile && !has(files, "requirements.txt", "constraints.txt")) {
        const message = "has no requirements.txt, so that its image would have no Dallinger";
        problems.push({ path: folder, message, fix: `echo 'dallinger==12.4.0' > ${folder}/requirements.txt` });
    }
    return problems;
}

function has(files: readonly ContextFile[], ...paths: readonly string[]): boolean {
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
