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

/** What counts of a file: its path in the build context, whether it may be run, and the SHA-256 of its content in hex. */
export interface HashedFile {
    readonly path: string;
    readonly executable: boolean;
    readonly digest: string;
}

/** Everything that an image is made from. */
export interface ImageSource {
    /** All files of the build context, the Dockerfile among them: its text names the base images by digest. */
    readonly files: readonly HashedFile[];
    readonly buildArgs: Readonly<Record<string, string>>;
    /** Docker's notation: `linux/amd64`. */
    readonly platform: string;
}

/** Version of the way an image is built from its context: goes up when the same source would make another image. */
const LAYOUT = "2";

/**
 * Hashes what an image is made from, in hex.
 *
 * Every part is preceded by its length, so that no two sources can look alike; files and arguments are sorted by their
 * bytes, so that their order does not matter. Nothing of the machine it runs on goes in.
 */
export function contentHash({ files, buildArgs, platform }: ImageSource): string {
    const args = Object.entries(buildArgs);
    const parts = [
        `layout ${LAYOUT}`,
        platform,
        `${args.length} arguments`,
        ...args.toSorted(([a], [b]) => byBytes(a, b)).flat(),
        `${files.length} files`,
        ...files
            .toSorted((a, b) => byBytes(a.path, b.path))
            .flatMap(({ path, executable, digest }) => [path, executable ? "x" : "-", digest]),
    ];
    const hash = createHash("sha256");
    for (const part of parts) hash.update(withLength(part));
    return hash.digest("hex");
}

/** SHA-256 of a file's content, as {@link HashedFile.digest} wants it. */
export function contentDigest(content: Buffer): string {
    return createHash("sha256").update(content).digest("hex");
}

/** Orders texts by their bytes: the same everywhere, whatever the language of the machine. */
export function byBytes(a: string, b: string): number {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function withLength(part: string): Buffer {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(bytes.length));
    return Buffer.concat([length, bytes]);
}
