import { containerHash } from "../../app/containerHash.ts";
import { pinnedImages, type ResolvedImages } from "../../configuration/server/resolvedImages.ts";
import { type ServerComposeSpec, serverServices } from "./serverCompose.ts";

/**
 * Service -> hash of what its container is made from: exactly those whose hash changes are recreated, which a preview announces. It is
 * made from the very definitions that the server gets; what is only loaded anew (sites, certificates, who gets into PostgreSQL) is not in
 * it.
 */
export function serverContainers(
    images: ServerComposeSpec["images"],
    resolved: ResolvedImages,
): Record<string, string> {
    const pinned = pinnedImages({ ...images }, resolved);
    const services = serverServices(images);
    const hashOf = (name: "postgres" | "caddy") => {
        const meaning = pinned[name];
        // A digest in the reference is in the definition already.
        const known = meaning === undefined || meaning === images[name];
        return containerHash(known ? services[name] : { ...services[name], meaning });
    };
    return { postgres: hashOf("postgres"), caddy: hashOf("caddy") };
}
