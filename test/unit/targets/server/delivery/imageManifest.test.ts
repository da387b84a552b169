import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { formatSize } from "../../../../../components/image/files/sizeLimit.ts";
import { compressionOf, renderManifest } from "../../../../../components/targets/server/delivery/savedImage.ts";

const blob = (digit: string, size: number) => ({ digest: `sha256:${digit.repeat(64)}`, size });

suite("an image's manifest", () => {
    test("names configuration and layers with their media types, as OCI has them", () => {
        const layers = [
            { ...blob("b", 20), compression: "" as const },
            { ...blob("c", 30), compression: "+gzip" as const },
        ];
        assert.deepEqual(JSON.parse(renderManifest(blob("a", 10), layers)), {
            schemaVersion: 2,
            mediaType: "application/vnd.oci.image.manifest.v1+json",
            config: { mediaType: "application/vnd.oci.image.config.v1+json", ...blob("a", 10) },
            layers: [
                { mediaType: "application/vnd.oci.image.layer.v1.tar", ...blob("b", 20) },
                { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", ...blob("c", 30) },
            ],
        });
    });

    test("tells how a layer is packed by its first bytes", () => {
        const archive = Buffer.alloc(1024, "a file in an archive");
        const packed = [archive, gzipSync(archive), zstdCompressSync(archive), Buffer.alloc(0)];
        assert.deepEqual(packed.map(compressionOf), ["", "+gzip", "+zstd", ""]);
    });
});

suite("a size", () => {
    const sizes = { 0: "0 B", 999: "999 B", 1000: "1 kB", 12345: "12.3 kB", 700000000: "700 MB", 1.5e12: "1500 GB" };
    for (const [bytes, shown] of Object.entries(sizes)) {
        test(`of ${bytes} bytes is ${shown}`, () => assert.equal(formatSize(Number(bytes)), shown));
    }
});
