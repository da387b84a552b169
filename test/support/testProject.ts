import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
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
    // A file that git knows and somebody has removed is no part of the copy.
    const there = stdout.split("\0").filter((file) => file !== "" && existsSync(join(checkout, file)));
    const packing = execa("tar", ["--create", "--null", "--files-from=-"], {
        cwd: checkout,
        input: there.join("\0"),
        buffer: false,
    });
    await packing.pipe("tar", ["--extract"], { cwd: folder });
    await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
    return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
