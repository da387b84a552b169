import { readFile } from "node:fs/promises";
import { Header, type HeaderData, Pax } from "tar";
import { type ContextFile, contentDigest } from "../files/contextFile.ts";

/** A file of the experiment is no longer what its hash was made from. */
export class ChangedFileError extends Error {}

/**
 * Packs a build context as a tar: owner, times and modes are always the same, so that equal content is equal for BuildKit too.
 *
 * @throws {ChangedFileError} when a file is not what it was when its digest was taken.
 */
export async function* packContext(files: readonly ContextFile[]): AsyncGenerator<Buffer> {
    for (const { path, source, executable, digest } of files) {
        const content = typeof source === "string" ? await readFile(source) : source;
        if (contentDigest(content) !== digest) throw new ChangedFileError(path);
        yield* entry(path, executable ? 0o755 : 0o644, content);
    }
    yield Buffer.alloc(2 * BLOCK);
}

const BLOCK = 512;

function* entry(path: string, mode: number, content: Buffer): Generator<Buffer> {
    const data: HeaderData = { path, mode, uid: 0, gid: 0, size: content.length, mtime: new Date(0), type: "File" };
    const header = new Header(data);
    const block = Buffer.alloc(BLOCK);
    const needsPax = header.encode(block);
    if (needsPax) yield new Pax({ path, size: content.length }).encode();
    yield block;
    yield content;
    yield Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
}
