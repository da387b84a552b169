import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Keeps what a program has to know the next time in a file of an experiment's folder: as a whole, or not at all. */
export async function keepState(folder: string, path: string, value: unknown): Promise<void> {
    const file = resolve(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
    await rename(`${file}.new`, file);
}
