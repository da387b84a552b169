import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../../support/testLab.ts";

/** The commit whose servers and apps every later program has to take over. */
const formerCommit = "63c5a952b4fb3a771f8980f7fbe1a115f1b9df4b";

/** A checkout of the project as it was, which works with the packages of the present one. Disposing it removes it. */
export async function formerProject(): Promise<{ folder: string } & AsyncDisposable> {
    await requireCommit();
    const folder = await mkdtemp(join(tmpdir(), "dallinger-former-"));
    const git = (...args: string[]) => execa("git", ["worktree", ...args], { cwd: checkout });
    const dispose = async () => {
        await rm(folder, { recursive: true, force: true });
        // What git knows of worktrees whose folders are gone, this one's among them.
        await git("prune");
    };
    await using made = new AsyncDisposableStack();
    made.defer(dispose);
    await git("add", "--quiet", "--detach", folder, formerCommit);
    await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
    made.move();
    return { folder, [Symbol.asyncDispose]: dispose };
}

async function requireCommit(): Promise<void> {
    const found = await execa("git", ["cat-file", "-e", `${formerCommit}^{commit}`], { cwd: checkout, reject: false });
    if (found.failed)
        throw new Error(
            `this clone does not have the commit ${formerCommit.slice(0, 7)}, which is to be taken over: \`git fetch --unshallow\` brings it (${found.stderr})`,
        );
}
