import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chooseFiles } from "../../image/files/experimentFiles.ts";
import { checkoutRules, experimentRules, type FileRules } from "../../image/files/fileRules.ts";

/** Folders whose edits the containers see while they run, relative to the Pulumi project's. */
export interface WatchedFolders {
    /** The experiment's, from which the image was built. */
    readonly experiment: string;
    /** A checkout of Dallinger, which counts in place of the installed one. */
    readonly dallinger?: string;
}

/** Where containers see those folders. */
export const MOUNTED = {
    experiment: "/run/dallinger/sources/experiment",
    dallinger: "/run/dallinger/sources/dallinger",
    /** Where the checkout's package is copied, and found before the installed one. */
    packages: "/tmp/dallinger-packages",
} as const;

/** What templates/local/sources.py is told of them. */
export interface WatchedSources {
    readonly experiment: MountedFolder & {
        /** The files that the image was made from, by their paths in it. */
        readonly made: readonly string[];
    };
    readonly dallinger?: MountedFolder & { readonly into: string };
    /** Files whose edits something else has to bring: what they are now, as the SHA-256 in hex, and what brings them. */
    readonly inputs: Readonly<Record<string, readonly [digest: string, what: string]>>;
}

interface MountedFolder {
    readonly folder: string;
    /** Where it is on this machine: links may say so. */
    readonly host: string;
    readonly rules: FileRules;
}

const FOR_IMAGE = "an image has to be built, which `./pulumi up` does";

const INPUTS: Readonly<Record<string, string>> = {
    "config.txt": "`./pulumi up` gives the containers its settings",
    "requirements.txt": FOR_IMAGE,
    "constraints.txt": FOR_IMAGE,
    "prepare_docker_image.sh": FOR_IMAGE,
    Dockerfile: FOR_IMAGE,
    ".dockerignore": FOR_IMAGE,
    "Dockerfile.dockerignore": FOR_IMAGE,
    "deploy.toml": FOR_IMAGE,
};

/**
 * Reads what there is to tell of them. Reads files and runs git.
 *
 * @throws {GitListingError} when git is needed and fails: the image cannot be built then, either.
 */
export function readWatchedSources(projectFolder: string, { experiment, dallinger }: WatchedFolders): WatchedSources {
    const folder = resolve(projectFolder, experiment);
    return {
        experiment: {
            folder: MOUNTED.experiment,
            host: folder,
            rules: experimentRules(folder),
            made: chooseFiles(folder)
                .files.map(({ path }) => path)
                .toSorted(),
        },
        ...(dallinger !== undefined && {
            dallinger: {
                folder: MOUNTED.dallinger,
                host: resolve(projectFolder, dallinger),
                rules: checkoutRules(resolve(projectFolder, dallinger)),
                into: MOUNTED.packages,
            },
        }),
        inputs: Object.fromEntries(
            Object.entries(INPUTS).map(([path, what]) => [path, [digestOf(join(folder, path)), what]]),
        ),
    };
}

/** Empty where there is no such file. */
function digestOf(file: string): string {
    try {
        return createHash("sha256").update(readFileSync(file)).digest("hex");
    } catch {
        return "";
    }
}
