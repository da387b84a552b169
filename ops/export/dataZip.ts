import { createHash, type Hash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import yauzl from "yauzl";
import yazl from "yazl";
import { Refusal } from "../refusal.ts";
import { newFile } from "./tableFile.ts";

/** A file of an archive. */
export interface ZipEntry {
    /** Its path in the archive. */
    readonly path: string;
    /** What it holds: a text, or the path of a file here. */
    readonly content: { readonly text: string } | { readonly file: string };
}

/** Makes a zip archive of files, in their order; one time for all, so that equal files are an equal archive. */
export async function writeZip(target: string, entries: readonly ZipEntry[]): Promise<void> {
    const archive = new yazl.ZipFile();
    const options = { mtime: new Date(Date.UTC(1980, 0, 1)), mode: 0o100600 };
    for (const { path, content } of entries) {
        if ("text" in content) archive.addBuffer(Buffer.from(content.text), path, options);
        else archive.addFile(content.file, path, options);
    }
    archive.end();
    await pipeline(archive.outputStream, newFile(target));
}

/**
 * Reads a zip archive back: every file is unpacked, and `look` reads it.
 *
 * @returns the SHA-256 sum of each, by its path. @throws {Refusal} when it cannot be read.
 */
export async function readZip(
    archive: string,
    look: (path: string, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<ReadonlyMap<string, string>> {
    const sums = new Map<string, string>();
    const zip = await yauzl.openPromise(archive).catch((error: unknown) => unreadable(archive, error));
    for await (const entry of zip.eachEntry()) {
        const hash = createHash("sha256");
        const stream: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry);
        await look(entry.fileName, hashed(stream, hash)).catch((error: unknown) => unreadable(archive, error));
        sums.set(entry.fileName, hash.digest("hex"));
    }
    return sums;
}

async function* hashed(content: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
    for await (const piece of content) {
        hash.update(piece);
        yield piece;
    }
}

function unreadable(archive: string, error: unknown): never {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${archive} cannot be read back, and nothing of it is kept: ${String(error)}`);
}
