/**
 * For a release: writes what the default images of the services mean today into components/configuration/server/releasedImages.ts, as the
 * digest of the index of all platforms. It needs docker and a way to the images' registries. SERVICE=REFERENCE arguments take the place
 * of the defaults, and --to FILE that of the file.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { SERVICE_IMAGES } from "../components/configuration/server/serverShape.ts";
import { inspectArguments, readInspection } from "../components/image/build/dockerBuild.ts";
import { projectFolder } from "./projectFolder.ts";

const file = join(projectFolder, "components/configuration/server/releasedImages.ts");
const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: "string", default: file } },
});
const given = Object.fromEntries(positionals.map((word) => word.split("=", 2)));
const images: Readonly<Record<string, string>> = { ...SERVICE_IMAGES, ...given };

const pinned = await Promise.all(
    Object.entries(images).map(async ([service, reference]) => {
        const {
            failed,
            stdout = "",
            stderr = "",
        } = await execa("docker", inspectArguments(reference), { reject: false });
        const { digest } = readInspection(stdout);
        if (failed || digest === undefined) {
            console.error(
                `the digest of ${reference} cannot be had, and nothing is written: ${stderr.trim() || "its registry does not tell"}`,
            );
            process.exit(1);
        }
        return `    ${service}: "${reference}@${digest}",\n`;
    }),
);
const before = await readFile(file, "utf8");
await writeFile(values.to, before.replace(/= \{[^}]*\};/, `= {\n${pinned.join("")}};`));
console.log(pinned.join("").trimEnd());
