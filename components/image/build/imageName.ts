import { execa } from "execa";

/** The tag of an image: the start of its content hash, 8 hex digits of it by default. */
export function imageTag(hash: string, length = 8): string {
    return hash.slice(0, length);
}

/**
 * What stands for an image before it is built: its repository, empty where no registry has it, and the hash of its content. A
 * reference in the hash's place is all that there is to know.
 */
export function plannedImage(repository: string, contentHash: string): string {
    return repository === "" || contentHash.includes("@") ? contentHash : `${repository}@${contentHash}`;
}

/** Host (and port) of the registry that a repository belongs to, as `docker login` takes it. */
export function registryOf(repository: string): string {
    const [host = "", ...rest] = repository.split("/");
    const isHost = rest.length > 0 && (/[.:]/.test(host) || host === "localhost");
    return isHost ? host : "docker.io";
}

/** What the build program says on its standard output: the image by digest, and the commit it was built from. */
export interface BuildOutput {
    /** `repository@sha256:…`; where no registry has it, its id, `sha256:…`. */
    readonly reference: string;
    /** Hash of a git commit, with `+changes` when files differed from it; empty outside of git. */
    readonly commit: string;
}

/** Renders what {@link readBuildOutput} reads. */
export function renderBuildOutput({ reference, commit }: BuildOutput): string {
    return `commit ${commit}\n${reference}\n`;
}

/**
 * Reads the build program's output.
 *
 * @throws {Error} when its last line is no image by digest.
 */
export function readBuildOutput(stdout: string): BuildOutput {
    const lines = stdout.trimEnd().split("\n");
    const reference = lines.at(-1) ?? "";
    if (!/^(\S+@)?sha256:[0-9a-f]{64}$/.test(reference)) {
        throw new Error(`the image was built, but ${JSON.stringify(reference)} does not name it by digest`);
    }
    const [, commit = ""] = /^commit (\S*)$/.exec(lines.at(-2) ?? "") ?? [];
    return { reference, commit };
}

/**
 * The commit that a folder's checkout is at, with `+changes` when files of the folder differ from it; empty outside of git.
 *
 * Asked for when an image is built, and kept with it: a later commit that changes nothing of the image changes no release.
 */
export async function findCommit(folder: string): Promise<string> {
    const git = async (...args: string[]) => {
        const { failed, stdout } = await execa("git", args, { cwd: folder, reject: false, timeout: 20_000 });
        return failed ? undefined : stdout;
    };
    const commit = await git("rev-parse", "HEAD");
    if (commit === undefined) return "";
    return (await git("status", "--porcelain", "--", ".")) === "" ? commit : `${commit}+changes`;
}
