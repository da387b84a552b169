import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { containersOf } from "./engineCommand.ts";
import type { LocalNames } from "./localNames.ts";
import { TAKEN_OVER_FILE } from "./localServices.ts";

/** Containers of the stack's, by their names, in whose place somebody's `docker compose up` has put others: the ids of those. */
export type TakenOver = Readonly<Record<string, string>>;

const takenOver = z.record(z.string(), z.string());

/**
 * Which have been so far, those that are there now included. Their names are the ones that the stack's containers want: they have to go
 * first, and the stack's are made anew, which Pulumi does where one of their labels is another one.
 */
export async function findTakenOver(engine: string, { project, folder }: LocalNames): Promise<TakenOver> {
    const known = await readTakenOver(folder);
    const others = (await containersOf({ engine, project })).filter(({ isOwn }) => !isOwn);
    const all = Object.entries({ ...known, ...Object.fromEntries(others.map(({ name, id }) => [name, id])) });
    return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function readTakenOver(folder: string): Promise<TakenOver> {
    const text = await readFile(resolve(folder, TAKEN_OVER_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return "{}";
        throw error;
    });
    return takenOver.parse(JSON.parse(text));
}
