import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readTemplate } from "../../components/remote/templates.ts";
import { doorFiles } from "../../components/targets/server/doors.ts";
import { layoutVersion } from "../../components/targets/server/serverNames.ts";

/** A folder that the scripts take for /srv/dallinger, laid out in this version or another. Disposing it removes it. */
export async function serverFolder(version = layoutVersion): Promise<{ root: string } & AsyncDisposable> {
    const root = await mkdtemp(join(tmpdir(), "server-"));
    await mkdir(join(root, "server"));
    await mkdir(join(root, "backups"));
    const layout = [`  "version": ${version},`, '  "id": "the-id",', '  "network": "net"'];
    await writeFile(join(root, "server/layout.json"), `{\n${layout.join("\n")}\n}\n`);
    return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** Puts templates as scripts into a folder, as a claim does; what they know as /srv/dallinger is `root`, and so is /var/lib/dallinger. */
export async function placeScripts(root: string, folder: string, ...paths: string[]): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const path of paths) await placeScript(root, join(folder, basename(path)), readTemplate(path));
}

/** Puts a door and all that it needs into a folder, in the same way. */
export async function placeDoor(root: string, folder: string, door: "app" | "server"): Promise<void> {
    for (const { path, content } of doorFiles(door)) {
        const file = join(folder, path.slice("bin/".length));
        await mkdir(dirname(file), { recursive: true });
        await placeScript(root, file, content);
    }
}

async function placeScript(root: string, file: string, text: string): Promise<void> {
    const moved = text
        .replace(/^root=\/srv\/dallinger$/m, `root=${root}`)
        .replace(/^units=\/etc\/systemd\/system$/m, `units=${root}/units`)
        .replace(/^files=\/var\/lib\/dallinger\/\$app$/m, `files=${root}/files/$app`);
    await writeFile(file, moved, { mode: 0o700 });
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
