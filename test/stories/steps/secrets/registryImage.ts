import { get } from "node:https";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import type { Lab } from "../../../../lab/readLab.ts";
import type { Finding, SecretSearch } from "./secretSearch.ts";

const blob = z.object({ digest: z.string() });
const manifest = z.object({
    manifests: z.array(blob).optional(),
    config: blob.optional(),
    layers: z.array(blob.extend({ mediaType: z.string() })).optional(),
});

const accepted = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Searches an image as it lies in the lab's registry: its manifests, its configuration with the history, every layer. */
export async function searchImage(search: SecretSearch, lab: Lab, reference: string): Promise<Finding[]> {
    const [repository = "", digest = ""] = reference.slice(reference.indexOf("/") + 1).split("@");
    return await searchManifest(search, new Registry(lab, repository), digest);
}

async function searchManifest(search: SecretSearch, registry: Registry, digest: string): Promise<Finding[]> {
    const content = await text(await registry.open("manifests", digest));
    const findings = await search.texts({ "image: manifest": content });
    const { manifests = [], config, layers = [] } = manifest.parse(JSON.parse(content));
    for (const inner of manifests) findings.push(...(await searchManifest(search, registry, inner.digest)));
    if (config !== undefined) {
        findings.push(...(await search.stream("image: history", await registry.open("blobs", config.digest))));
    }
    for (const { digest: layer, mediaType } of layers) {
        const stream = await registry.open("blobs", layer);
        const content = /gzip$/.test(mediaType) ? stream.pipe(createGunzip()) : stream;
        findings.push(...(await search.stream(`image: layer ${layer.slice(0, 19)}`, content)));
    }
    return findings;
}

/** A repository in the lab's registry. */
class Registry {
    private readonly lab: Lab;
    private readonly repository: string;

    constructor(lab: Lab, repository: string) {
        this.lab = lab;
        this.repository = repository;
    }

    async open(kind: "manifests" | "blobs", digest: string): Promise<Readable> {
        const url = `https://${this.lab.registry.address}/v2/${this.repository}/${kind}/${digest}`;
        return await new Promise((resolve, reject) => {
            get(url, { ca: this.lab.registryCa, headers: { accept: accepted } }, (answer) => {
                if (answer.statusCode === 200) resolve(answer);
                else reject(new Error(`${url} answers ${answer.statusCode}`));
            }).on("error", reject);
        });
    }
}
