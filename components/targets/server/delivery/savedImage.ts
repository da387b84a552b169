import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { z } from "zod";

/** An image as a registry has it: the manifest, and the files of all that it names. */
export interface SavedImage {
    readonly manifest: string;
    /** Paths of the blobs by their digests. */
    readonly files: ReadonlyMap<string, string>;
    /** The layers, from the bottom. */
    readonly layers: readonly Blob[];
}

/** The part of an archive of `docker image save` that all versions of Docker write. */
const image = z.object({ Config: z.string(), Layers: z.array(z.string()) });
const archive = z.tuple([image], image);

/**
 * Takes an image out of docker's engine, into an empty folder.
 *
 * Layers stay as the engine gives them, mostly not compressed: then their digests depend on nothing but their content, and a
 * server has those that it got from another machine, too.
 */
export async function saveImage(name: string, folder: string, signal: AbortSignal): Promise<SavedImage> {
    const saving = execa("docker", ["image", "save", name], {
        buffer: { stdout: false },
        reject: false,
        cancelSignal: signal,
    });
    const unpacking = saving.pipe("tar", ["-C", folder, "-xf", "-"], { reject: false });
    const [saved, unpacked] = await Promise.all([saving, unpacking]);
    signal.throwIfAborted();
    if (saved.failed) throw new Error(`docker did not give ${name}: ${saved.stderr}`);
    if (unpacked.failed) throw new Error(`there was no place for ${name} in ${folder}: ${unpacked.stderr}`);
    return await readSaved(folder);
}

/** Reads what `docker image save` has written, unpacked into a folder. */
export async function readSaved(folder: string): Promise<SavedImage> {
    const [{ Config, Layers }] = archive.parse(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
    const config = await describe(folder, Config);
    const layers = [];
    for (const path of Layers) layers.push(await describe(folder, path));
    return {
        manifest: renderManifest(config, layers),
        files: new Map([config, ...layers].map(({ digest, file }) => [digest, file])),
        layers,
    };
}

/** Equal layers may be links to one file. */
async function describe(folder: string, path: string): Promise<Blob & { compression: Compression; file: string }> {
    const file = await realpath(join(folder, path));
    if (!file.startsWith(`${await realpath(folder)}${sep}`))
        throw new Error(`docker gave a layer outside its archive: ${path}`);
    const handle = await open(file);
    try {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
        const { size } = await handle.stat();
        const hash = createHash("sha256");
        await pipeline(createReadStream(file), hash);
        const compression = compressionOf(buffer.subarray(0, bytesRead));
        return { digest: `sha256:${hash.digest("hex")}`, size, compression, file };
    } finally {
        await handle.close();
    }
}

/** A piece of an image, as registries know it. */
export interface Blob {
    /** `sha256:…` of its bytes. */
    readonly digest: string;
    readonly size: number;
}

/** A layer as it is stored. */
export interface LayerBlob extends Blob {
    readonly compression: Compression;
}

/** How a layer's archive is packed, by the ending of its media type. */
export type Compression = "" | "+gzip" | "+zstd";

const MEDIA_TYPE = "application/vnd.oci.image";

/** Media type of what {@link renderManifest} renders. */
export const MANIFEST_TYPE = `${MEDIA_TYPE}.manifest.v1+json`;

/** Renders the manifest of an image (OCI image specification 1.1). The same image gives the same bytes, and so the same digest. */
export function renderManifest(config: Blob, layers: readonly LayerBlob[]): string {
    return JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST_TYPE,
        config: { mediaType: `${MEDIA_TYPE}.config.v1+json`, digest: config.digest, size: config.size },
        layers: layers.map(({ digest, size, compression }) => ({
            mediaType: `${MEDIA_TYPE}.layer.v1.tar${compression}`,
            digest,
            size,
        })),
    });
}

/** How an archive is packed, by its first bytes. */
export function compressionOf(start: Uint8Array): Compression {
    const begins = (...bytes: readonly number[]) => bytes.every((byte, index) => start[index] === byte);
    if (begins(0x1f, 0x8b)) return "+gzip";
    return begins(0x28, 0xb5, 0x2f, 0xfd) ? "+zstd" : "";
}
