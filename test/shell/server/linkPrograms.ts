import { existsSync } from "node:fs";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";

/** Makes a folder with links to all of this machine's programs but some. @returns the folder */
export async function linkPrograms(folder: string, but: readonly string[]): Promise<string> {
    const programs = new Map<string, string>();
    for (const place of (process.env.PATH ?? "").split(":").filter(existsSync)) {
        for (const name of await readdir(place)) if (!programs.has(name)) programs.set(name, join(place, name));
    }
    await mkdir(folder);
    const linked = [...programs].filter(([name]) => !but.includes(name));
    await Promise.all(linked.map(([name, program]) => symlink(program, join(folder, name))));
    return folder;
}
