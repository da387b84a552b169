/** Writes the tables of docs/configuration.md from the shapes of the blocks. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withKeyTables } from "../components/configuration/keyTables.ts";

const page = join(import.meta.dirname, "configuration.md");
await writeFile(page, withKeyTables(await readFile(page, "utf8")));
