import { createHash } from "node:crypto";

/** One file of the experiment as it goes into the image. */
export interface ContextFile {
    /** Relative to the experiment's folder; parts are separated by `/`. */
    readonly path: string;
    /** Whether its owner may run it: the only part of its mode that counts. */
    readonly executable: boolean;
    /** SHA-256 of its content, in hex. */
    readonly digest: string;
}

/** Everything that an image is made from. */
export interface ImageSource {
    readonly files: readonly ContextFile[];
    /** Text of the Dockerfile that is used when the experiment has none of its own. */
    readonly template?: string;
    readonly buildArgs: Readonly<Record<string, string>>;
    /** Docker's notation: `linux/amd64`. */
    readonly platform: string;
}

/** Version of the way a build context is laid out: goes up when the same source would make another image. */
const LAYOUT = "1";

/**
 * Hashes what an image is made from, in hex.
 *
 * Every part is preceded by its length, so that no two sources can look alike; files and arguments are sorted by their
 * bytes, so that their order does not matter. Nothing of the machine it runs on goes in.
 */
export function contentHash({ files, template, buildArgs, platform }: ImageSource): string {
    const args = Object.entries(buildArgs);
    const parts = [
        `layout ${LAYOUT}`,
        platform,
        template === undefined ? "own Dockerfile" : `template ${template}`,
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

/** SHA-256 of a file's content, as {@link ContextFile.digest} wants it. */
export function contentDigest(content: Buffer): string {
    return createHash("sha256").update(content).digest("hex");
}

function withLength(part: string): Buffer {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(bytes.length));
    return Buffer.concat([length, bytes]);
}

function byBytes(a: string, b: string): number {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
