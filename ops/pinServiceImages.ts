/**
 * For a release: writes what the default images of the services mean today into components/configuration/server/releasedImages.ts, as the
 * digest of the index of all platforms. It needs docker and a way to the images' registries. SERVICE=REFERENCE arguments take the place
 * of the defaults, and --to FILE that of the file.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SERVICE_IMAGES } from "../components/configuration/checking/serviceImages.ts";
import { projectFolder } from "../components/program/projectFolder.ts";
import { digestOf } from "./digestOf.ts";
import { Refusal } from "./refusal.ts";

const file = join(projectFolder, "components/configuration/server/releasedImages.ts");
const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: "string", default: file } },
});
const given = Object.fromEntries(positionals.map((word) => word.split("=", 2)));
const images: Readonly<Record<string, string>> = { ...SERVICE_IMAGES, ...given };

try {
    const lines = Object.entries(images).map(
        async ([service, reference]) => `    ${service}: "${reference}@${await digestOf(reference)}",\n`,
    );
    const pinned = (await Promise.all(lines)).join("");
    const before = await readFile(file, "utf8");
    await writeFile(values.to, before.replace(/= \{[^}]*\};/, `= {\n${pinned}};`));
    console.log(pinned.trimEnd());
} catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(`${error.message}; nothing is written`);
    process.exitCode = 1;
}
