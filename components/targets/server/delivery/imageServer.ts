import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { MANIFEST_TYPE, type SavedImage } from "./savedImage.ts";

/**
 * A registry that has one image and lets it be pulled (OCI distribution specification 1.1, pull only), on a unix socket: who can
 * get there is decided by who can get at the socket, and the repository's name cannot be guessed.
 */
export class ImageServer implements AsyncDisposable {
    /** Repository and digest of the image, to be put behind the address at which the registry is reached. */
    readonly reference: string;
    /** Bytes of manifests and blobs that were sent. */
    sent = 0;
    private readonly image: SavedImage;
    private readonly repository = randomBytes(16).toString("hex");
    private readonly digest: string;
    private readonly server: Server;

    private constructor(image: SavedImage) {
        this.image = image;
        this.digest = `sha256:${createHash("sha256").update(image.manifest).digest("hex")}`;
        this.reference = `${this.repository}@${this.digest}`;
        // A download that breaks off is begun again by who wanted it.
        this.server = createServer(
            (request, response) => void this.answer(request, response).catch(() => response.destroy()),
        );
    }

    static async listen(image: SavedImage, socket: string): Promise<ImageServer> {
        const registry = new ImageServer(image);
        registry.server.listen(socket);
        await once(registry.server, "listening");
        return registry;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.server.close();
        this.server.closeAllConnections();
    }

    private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        response.setHeader("Docker-Distribution-Api-Version", "registry/2.0");
        const wanted = isReading(request) ? readRequest(request.url ?? "", this.repository) : undefined;
        if (wanted === "base") {
            response.setHeader("Content-Type", "application/json").end("{}");
        } else if (wanted?.kind === "manifests" && wanted.digest === this.digest) {
            this.giveManifest(request, response);
        } else if (wanted?.kind === "blobs" && this.image.files.has(wanted.digest)) {
            await this.giveBlob(wanted.digest, request, response);
        } else {
            response.statusCode = isReading(request) ? 404 : 405;
            response.setHeader("Content-Type", "application/json").end('{"errors":[{"code":"NAME_UNKNOWN"}]}');
        }
    }

    private giveManifest({ method }: IncomingMessage, response: ServerResponse): void {
        const bytes = Buffer.from(this.image.manifest);
        response.setHeader("Content-Type", MANIFEST_TYPE).setHeader("Content-Length", bytes.length);
        response.setHeader("Docker-Content-Digest", this.digest).setHeader("ETag", `"${this.digest}"`);
        if (method === "GET") this.sent += bytes.length;
        response.end(method === "GET" ? bytes : undefined);
    }

    private async giveBlob(
        digest: string,
        { method, headers }: IncomingMessage,
        response: ServerResponse,
    ): Promise<void> {
        const file = this.image.files.get(digest) ?? "";
        const { size } = await stat(file);
        const range = readRange(headers.range, size);
        const { start, end } = range ?? { start: 0, end: size - 1 };
        response.setHeader("Content-Type", "application/octet-stream").setHeader("Content-Length", end - start + 1);
        response.setHeader("Docker-Content-Digest", digest).setHeader("Accept-Ranges", "bytes");
        if (range !== undefined) response.writeHead(206, { "Content-Range": `bytes ${start}-${end}/${size}` });
        if (method !== "GET" || size === 0) {
            response.end();
            return;
        }
        await pipeline(this.count(createReadStream(file, { start, end })), response);
    }

    private async *count(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const chunk of chunks) {
            this.sent += chunk.length;
            yield chunk;
        }
    }
}

function isReading({ method }: IncomingMessage): boolean {
    return method === "GET" || method === "HEAD";
}

/** What of a registry is asked for: itself, or a manifest or a blob by its digest. */
export type RegistryRequest = "base" | { readonly kind: "manifests" | "blobs"; readonly digest: string };

/** Reads the address of a request to a registry that has one repository; nothing for all that it does not have. */
export function readRequest(url: string, repository: string): RegistryRequest | undefined {
    const [pathname = ""] = url.split("?", 1);
    if (pathname === "/v2/" || pathname === "/v2") return "base";
    const [, found, kind, digest = ""] =
        /^\/v2\/([^/]+)\/(manifests|blobs)\/(sha256:[0-9a-f]{64})$/.exec(pathname) ?? [];
    if (found !== repository || (kind !== "manifests" && kind !== "blobs")) return undefined;
    return { kind, digest };
}

/** A part of a blob: its first and last byte. */
export interface ByteRange {
    readonly start: number;
    readonly end: number;
}

/** Reads the range that a broken download goes on with (`bytes=START-` or `bytes=START-END`); anything else asks for all of it. */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
    if (start === undefined || Number(start) >= size) return undefined;
    return { start: Number(start), end: end === "" || end === undefined ? size - 1 : Math.min(Number(end), size - 1) };
}
