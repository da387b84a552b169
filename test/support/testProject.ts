import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "./testLab.ts";

/** A copy of the project somewhere else, as another operator's checkout would be. Disposing it removes it. */
export async function copyProject(): Promise<{ folder: string } & AsyncDisposable> {
    const folder = await mkdtemp(join(tmpdir(), "dallinger-e2e-"));
    const { stdout } = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
        cwd: checkout,
    });
    for (const file of stdout.split("\0")) {
        // A file that git knows and somebody has removed is no part of the copy.
        if (file !== "" && existsSync(join(checkout, file))) await cp(join(checkout, file), join(folder, file));
    }
    await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
    return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
