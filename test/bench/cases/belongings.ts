import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestServer } from "../../support/testLab.ts";

/** What is on a server that apps could have brought: Docker's objects, databases, roles and paths, a line each. */
export async function belongings(server: TestServer): Promise<string[]> {
    const script = await readFile(join(import.meta.dirname, "belongings.sh"), "utf8");
    return (await server.shell(script)).split("\n").toSorted();
}

/** What is there now and was not before; of paths below each other the first. */
export function whatHasStayed(before: readonly string[], after: readonly string[]): string[] {
    const known = new Set(before);
    const stayed = after.filter((line) => !known.has(line));
    return stayed.filter((line) => !stayed.some((other) => line.startsWith(`${other}/`)));
}
