import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ServerOutput } from "../components/configuration/serverOutput.ts";
import { Refusal } from "./refusal.ts";
import { ServerShell } from "./serverShell.ts";

/** A complete backup on the server. */
interface Backup {
    /** `<app>/<UTC time>`. */
    readonly path: string;
    readonly fetched: boolean;
}

const root = "/srv/dallinger/backups";

/** Prints the server's backups, a line each. @returns the exit status. */
export async function listBackups(server: ServerOutput): Promise<number> {
    for (const { path, fetched } of await backupsOn(new ServerShell(server))) {
        console.log(`${path}  ${fetched ? "fetched" : "only on the server"}`);
    }
    return 0;
}

/** Copies the backups that exist only on the server into a folder, and marks each there once all its sums are right. */
export async function fetchBackups(server: ServerOutput, folder: string): Promise<number> {
    const shell = new ServerShell(server);
    const missing = (await backupsOn(shell)).filter(({ fetched }) => !fetched);
    for (const [index, { path }] of missing.entries()) {
        const target = join(resolve(folder), server.host, path);
        console.error(`fetching ${path} (${index + 1} of ${missing.length})`);
        await fetchBackup(shell, path, target);
        await shell.output(`touch ${root}/${path}/fetched`);
        console.log(target);
    }
    if (missing.length === 0) console.error("no backup on the server that has not been fetched");
    return 0;
}

async function backupsOn(shell: ServerShell): Promise<Backup[]> {
    const found = await shell.output(`find ${root} -mindepth 2 -maxdepth 3 -name SHA256SUMS -o -name fetched`);
    const lines = found.split("\n").map((line) => line.slice(root.length + 1));
    const complete = lines.filter((line) => /^[a-z0-9-]+\/[0-9TZ-]+\/SHA256SUMS$/.test(line));
    return complete
        .map((line) => line.replace(/\/SHA256SUMS$/, ""))
        .toSorted()
        .map((path) => ({ path, fetched: lines.includes(`${path}/fetched`) }));
}

/** Appears under its name only when it is whole: a copy that broke off is fetched again. */
async function fetchBackup(shell: ServerShell, path: string, target: string): Promise<void> {
    const incoming = `${target}.incoming`;
    await rm(incoming, { recursive: true, force: true });
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    await shell.unpack(`tar -C ${root}/${path} -cf - .`, incoming);
    const sums = await readFile(join(incoming, "SHA256SUMS"), "utf8");
    for (const line of sums.trimEnd().split("\n")) {
        const [expected = "", file = ""] = line.split(/ [ *]/, 2);
        const found = await sha256(join(incoming, file));
        if (found !== expected)
            throw new Refusal(`${path}: ${file} is not what its checksum says; nothing is marked as fetched`);
    }
    await rm(target, { recursive: true, force: true });
    await rename(incoming, target);
}

async function sha256(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
}
