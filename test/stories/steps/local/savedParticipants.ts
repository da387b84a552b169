import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Laptop } from "./laptop.ts";

/** How many participants there are in one of the backups, counted from the first. */
export async function savedParticipants({ folder }: Laptop, number: number): Promise<number> {
    const backups = join(folder, "backups");
    const project = (await readdir(backups)).find((name) => name.startsWith("recall-")) ?? "";
    const saved = join(backups, project, (await readdir(join(backups, project))).toSorted()[number] ?? "");
    assert.match(await readFile(join(saved, "SHA256SUMS"), "utf8"), /\.\/database\.dump/);
    return (await readFile(join(saved, "tables/participant.csv"), "utf8")).trim().split("\n").length - 1;
}
