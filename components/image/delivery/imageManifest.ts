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
