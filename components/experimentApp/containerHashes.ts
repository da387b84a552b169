import { createHash } from "node:crypto";
import { type AppComposeSpec, appServices } from "./appCompose.ts";

/** What an app's containers are made from, as far as a preview can know it. */
export interface ContainerHashesSpec {
    /** With the content hash in place of the image's digest, which only a push makes known. */
    readonly compose: AppComposeSpec;
    /** Settings and fingerprints of secrets that web, workers and clock are told. */
    readonly settings: Readonly<Record<string, string>>;
    readonly fingerprints: Readonly<Record<string, string>>;
}

/** Service -> hash of what its containers are made from: exactly those whose hash changes are recreated. */
export function containerHashes({ compose, settings, fingerprints }: ContainerHashesSpec): Record<string, string> {
    const services = Object.entries(appServices(compose));
    return Object.fromEntries(
        services.map(([name, { scale, ...service }]) => {
            const told = name === "redis" || name === "pgbouncer" ? {} : { settings, fingerprints };
            return [name, hash({ service, told }) + (typeof scale === "number" ? ` x${scale}` : "")];
        }),
    );
}

function hash(value: unknown): string {
    return createHash("sha256")
        .update(JSON.stringify(sorted(value)))
        .digest("hex")
        .slice(0, 12);
}

function sorted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
