import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Laptop } from "./laptop.ts";
import { writeFolders } from "./writtenFolders.ts";

/**
 * Compares which files the container's rules choose with those that the image's choose, in `count` folders for each seed. They are the
 * same for the same seed.
 */
export async function chooseAlike(laptop: Laptop, composeFile: string, count: number, seeds: readonly number[]) {
    const { docker } = laptop;
    const web = (await docker("compose", "-f", composeFile, "ps", "-q", "web")).trim();
    const image = (await docker("inspect", "--format", "{{.Image}}", web)).trim();
    const start = join(laptop.folder, composeFile, "../start");
    const program = [
        "import json, sys",
        "sys.path[:0] = ['/run/dallinger/start', '/opt/dallinger/watch']",
        "from rules import Rules",
        "for case in json.load(open('/written/cases.json')):",
        "    print(json.dumps(sorted(Rules(case['folder'], case['host'], case['rules']).files())))",
    ].join("\n");
    for (const seed of seeds) {
        const folder = join(laptop.folder, "written");
        await mkdir(folder);
        const cases = writeFolders(folder, count, seed);
        const mounted = cases.map((one) => ({
            ...one,
            folder: one.folder.replace(folder, "/written"),
            host: one.folder,
        }));
        await writeFile(join(folder, "cases.json"), JSON.stringify(mounted));
        const mounts = ["-v", `${start}:/run/dallinger/start:ro`, "-v", `${folder}:/written:ro`];
        const printed = await docker("run", "--rm", "--user", "0", ...mounts, image, "python3", "-c", program);
        for (const [index, line] of printed.trim().split("\n").entries()) {
            const { folder: at, files } = cases[index] ?? { folder: "", files: [] };
            assert.deepEqual(JSON.parse(line).toSorted(), files, `${at}, of seed ${seed}`);
        }
        await rm(folder, { recursive: true });
    }
}
