import { createHash } from "node:crypto";

/** A file of the build context, and where its content is. */
export interface ContextFile {
    /** Relative to the build context; parts are separated by `/`. */
    readonly path: string;
    /** Whether its owner may run it: the only part of its mode that counts. */
    readonly executable: boolean;
    /** SHA-256 of its content, in hex. */
    readonly digest: string;
    /** In bytes. */
    readonly size: number;
    /** Absolute path of the file that has the content, or the content itself. */
    readonly source: string | Buffer;
}

/** A file whose content is known. */
export function textFile(path: string, text: string): ContextFile {
    const source = Buffer.from(text);
    return { path, executable: false, digest: contentDigest(source), size: source.length, source };
}

/** A file under another folder of the build context. */
export function below(folder: string, file: ContextFile): ContextFile {
    return { ...file, path: `${folder}/${file.path}` };
}

/** SHA-256 of a file's content, as {@link HashedFile.digest} wants it. */
export function contentDigest(content: Buffer): string {
    return createHash("sha256").update(content).digest("hex");
}
