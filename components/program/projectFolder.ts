import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Folder of Pulumi.yaml, which paths in the configuration are relative to. */
export const projectFolder = join(import.meta.dirname, "../..");

/** Text of a file that the configuration names, by its path in {@link projectFolder}; nothing where there is no such file. */
export function readProjectFile(path: string): string | undefined {
    const file = join(projectFolder, path);
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : undefined;
}
