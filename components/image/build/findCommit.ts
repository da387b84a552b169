import { execa } from "execa";

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
