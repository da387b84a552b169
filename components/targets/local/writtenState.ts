import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { z } from "zod";
import { orMissing } from "../../local/orMissing.ts";

/** Keeps what a program has to know the next time in a file of an experiment's folder. */
export async function keepState(folder: string, path: string, value: unknown): Promise<void> {
    await keepText(folder, path, JSON.stringify(value));
}

/** Keeps a text in such a file: as a whole, or not at all. */
export async function keepText(folder: string, path: string, text: string): Promise<void> {
    const file = resolve(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
}

/** Reads it; gives something else where nobody has kept it yet. */
export async function readState<T>(folder: string, path: string, shape: z.ZodType<T>, otherwise: T): Promise<T> {
    const text = await orMissing(readFile(resolve(folder, path), "utf8"));
    return text === undefined ? otherwise : shape.parse(JSON.parse(text));
}
