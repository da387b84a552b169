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
