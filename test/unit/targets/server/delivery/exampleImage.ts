import { createHash } from "node:crypto";

import type { TestContext } from "node:test";
import { temporaryFolder } from "../../../image/temporaryFolder.ts";

export const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");

/** Layers of an image, two of them equal, and its configuration. */
export const LAYERS = ["the base", "the experiment".repeat(1000), "the base"];
export const CONFIG = JSON.stringify({ architecture: "amd64", rootfs: { diff_ids: LAYERS.map(sha256) } });

/** What `docker image save` gives since version 25: an OCI layout with the old index beside its own. */
export function layout(context: TestContext): string {
    const path = (content: string) => `blobs/sha256/${sha256(content)}`;
    const files = Object.fromEntries([CONFIG, ...LAYERS].map((content) => [path(content), content]));
    const index = [{ Config: path(CONFIG), RepoTags: ["recall:1"], Layers: LAYERS.map(path) }];
    return temporaryFolder(context, { ...files, "manifest.json": JSON.stringify(index), "oci-layout": "{}" });
}

/** What it gave before: a folder for each layer, and a link where an equal one is there already. */
export function legacyArchive(context: TestContext): string {
    const index = [
        { Config: `${sha256(CONFIG)}.json`, RepoTags: null, Layers: ["a/layer.tar", "b/layer.tar", "c/layer.tar"] },
    ];
    return temporaryFolder(context, {
        [`${sha256(CONFIG)}.json`]: CONFIG,
        "a/layer.tar": LAYERS[0] ?? "",
        "b/layer.tar": LAYERS[1] ?? "",
        "c/layer.tar": { link: "../a/layer.tar" },
        "manifest.json": JSON.stringify(index),
    });
}
