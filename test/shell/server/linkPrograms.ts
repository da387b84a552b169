import { existsSync, rmSync } from "node:fs";
import { mkdtemp, readdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = new Map<string, Promise<string>>();

/**
 * A folder with links to all of this machine's programs but some. It takes a second to make one, so tests of a process share it; it goes
 * with the process.
 *
 * @returns the folder.
 */
export async function linkPrograms(but: readonly string[]): Promise<string> {
    const key = but.toSorted().join(" ");
    const folder = folders.get(key) ?? makeFolder(but);
    folders.set(key, folder);
    return await folder;
}

async function makeFolder(but: readonly string[]): Promise<string> {
    const programs = new Map<string, string>();
    for (const place of (process.env.PATH ?? "").split(":").filter(existsSync)) {
        for (const name of await readdir(place)) if (!programs.has(name)) programs.set(name, join(place, name));
    }
    const folder = await mkdtemp(join(tmpdir(), "programs-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const linked = [...programs].filter(([name]) => !but.includes(name));
    await Promise.all(linked.map(([name, program]) => symlink(program, join(folder, name))));
    return folder;
}
