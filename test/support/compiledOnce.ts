import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * Has all copies of the project use what one of them has compiled: each by itself takes seconds, and thousands of files. What Node.js
 * calls a portable cache goes by paths that are relative to it, so a copy has to be `project` in its folder, where the cache gets a link.
 *
 * @returns what programs of that copy need in their environment.
 */
export async function compiledOnce(folder: string): Promise<Record<string, string>> {
    const cache = join(folder, "compiled");
    const shared = process.env.NODE_COMPILE_CACHE;
    if (shared === undefined) await mkdir(cache);
    else {
        await mkdir(join(shared, "copies"), { recursive: true });
        await symlink(join(shared, "copies"), cache);
    }
    return { NODE_COMPILE_CACHE: cache, NODE_COMPILE_CACHE_PORTABLE: "1" };
}
