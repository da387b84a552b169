import { createHash } from "node:crypto";

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
