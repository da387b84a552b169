import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../../support/testLab.ts";
import type { ProjectCopy } from "../../../support/testProject.ts";

/** A checkout of the project as it was at a commit, which works with the packages of the present one. Disposing it removes it. */
export async function formerProject(commit: string): Promise<ProjectCopy> {
    await requireCommit(commit);
    const place = await mkdtemp(join(tmpdir(), "dallinger-former-"));
    // As deep as a copy of the present one (copyProject): paths in the configuration are relative to it.
    const folder = join(place, "project");
    const git = (...args: string[]) => execa("git", ["worktree", ...args], { cwd: checkout });
    const dispose = async () => {
        await rm(place, { recursive: true, force: true });
        // What git knows of worktrees whose folders are gone, this one's among them.
        await git("prune");
    };
    await using made = new AsyncDisposableStack();
    made.defer(dispose);
    await git("add", "--quiet", "--detach", folder, commit);
    await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
    made.move();
    return { folder, environment: {}, [Symbol.asyncDispose]: dispose };
}

async function requireCommit(commit: string): Promise<void> {
    const found = await execa("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: checkout, reject: false });
    if (found.failed)
        throw new Error(
            `this clone does not have the commit ${commit.slice(0, 7)}, which is to be taken over: \`git fetch --unshallow\` brings it (${found.stderr})`,
        );
}
