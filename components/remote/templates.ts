import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { PayloadFile } from "./payload.ts";

/** The text of a file in templates/, by its path there. */
export function readTemplate(path: string): string {
    return readFileSync(join(import.meta.dirname, "../../templates", path), "utf8");
}

/** Templates as the executable files of a payload's `bin` folder, by their base names. */
export function binFiles(...paths: string[]): PayloadFile[] {
    return paths.map((path) => ({ path: `bin/${basename(path)}`, content: readTemplate(path), mode: "700" }));
}
