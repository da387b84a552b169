import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { layoutVersion } from "../../components/targets/server/servicesOutput.ts";

const templates = join(import.meta.dirname, "../../templates");

/** A folder that the scripts take for /srv/dallinger, laid out in this version or another. Disposing it removes it. */
export async function serverFolder(version = layoutVersion): Promise<{ root: string } & AsyncDisposable> {
    const root = await mkdtemp(join(tmpdir(), "server-"));
    await mkdir(join(root, "server"));
    await mkdir(join(root, "backups"));
    const layout = [`  "version": ${version},`, '  "id": "the-id",', '  "network": "net",', '  "sites": "sites"'];
    await writeFile(join(root, "server/layout.json"), `{\n${layout.join("\n")}\n}\n`);
    return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** Puts templates as scripts into a folder, as a claim does; what they know as /srv/dallinger is `root`, and so is /var/lib/dallinger. */
export async function placeScripts(root: string, folder: string, ...paths: string[]): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const path of paths) {
        const text = await readFile(join(templates, path), "utf8");
        const moved = text
            .replace(/^root=\/srv\/dallinger$/m, `root=${root}`)
            .replace(/^files=\/var\/lib\/dallinger\/\$app$/m, `files=${root}/files/$app`);
        await writeFile(join(folder, basename(path)), moved, { mode: 0o700 });
    }
}

/** Writes a backup's folder with its checksums. */
export async function writeBackup(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(folder, { recursive: true });
    const sums = Object.entries(files).map(
        ([name, text]) => `${createHash("sha256").update(text).digest("hex")}  ./${name}\n`,
    );
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await writeFile(join(folder, "SHA256SUMS"), sums.join(""));
}
