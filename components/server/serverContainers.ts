import { containerHash } from "../containerHash.ts";
import { type ServerComposeSpec, serverServices } from "./serverCompose.ts";

/**
 * Service -> hash of what its container is made from: exactly those whose hash changes are recreated, which a preview announces. It is
 * made from the very definitions that the server gets; what is only loaded anew (sites, certificates, who gets into PostgreSQL) is not in
 * it.
 */
export function serverContainers(images: ServerComposeSpec["images"]): Record<string, string> {
    const services = Object.entries(serverServices(images));
    return Object.fromEntries(services.map(([name, service]) => [name, containerHash(service)]));
}
