import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { PayloadFile } from "./payload.ts";

const templates = join(import.meta.dirname, "../../templates");

/** The text of a file in templates/, by its path there. */
export function readTemplate(path: string): string {
    return readFileSync(join(templates, path), "utf8");
}

/** Absolute path of a folder in templates/, by its path there. */
export function templateFolder(path: string): string {
    return join(templates, path);
}

/** Templates as the executable files of a payload's `bin` folder, by their base names. */
export function binFiles(...paths: string[]): PayloadFile[] {
    return paths.map((path) => binFile(basename(path), path));
}

/** All of a folder of templates/, in the same way, each by its path in that folder. */
export function binFolder(folder: string): PayloadFile[] {
    return readdirSync(join(templates, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(templates, folder), join(entry.parentPath, entry.name)))
        .map((path) => binFile(path, `${folder}/${path}`));
}

function binFile(name: string, template: string): PayloadFile {
    return { path: `bin/${name}`, content: readTemplate(template), mode: "700" };
}
