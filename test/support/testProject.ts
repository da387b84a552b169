import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { compiledOnce } from "./compiledOnce.ts";
import { checkout } from "./testLab.ts";

/** A copy of the project, and what its programs need in their environment. Disposing it removes it. */
export interface ProjectCopy extends AsyncDisposable {
    readonly folder: string;
    readonly environment: Readonly<Record<string, string>>;
}

/** Copies the project somewhere else, as another operator's checkout would be. */
export async function copyProject(): Promise<ProjectCopy> {
    const place = await mkdtemp(join(tmpdir(), "dallinger-e2e-"));
    const folder = join(place, "project");
    await mkdir(folder);
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
    const environment = await compiledOnce(place);
    return { folder, environment, [Symbol.asyncDispose]: () => rm(place, { recursive: true, force: true }) };
}
