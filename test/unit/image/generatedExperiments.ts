import assert from "node:assert/strict";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import fc from "fast-check";
import { type ImageOptions, planImage } from "../../../components/image/context/imagePlan.ts";
import { put, temporaryFolder } from "./temporaryFolder.ts";

/** A file of an experiment: its bytes, and whether it may be run. */
export interface File {
    readonly path: string;
    readonly content: Uint8Array;
    readonly executable: boolean;
}

/** What they are built on. */
export const BASE = `python:3.13-slim-trixie@sha256:${"0123456789abcdef".repeat(4)}`;
/** What an image of them is made with. */
export const OPTIONS: ImageOptions = { path: "recall", platform: "linux/amd64", buildArgs: { BASE } };
/** What every one of them has. */
export const NEEDED: readonly File[] = [
    { path: "experiment.py", content: Buffer.from("# an experiment\n"), executable: false },
    { path: "requirements.txt", content: Buffer.from("dallinger==12.4.0\n"), executable: false },
];
const name = fc.string({ unit: fc.constantFrom("a", "b", "é", " ", "-", "Z", "9"), minLength: 1, maxLength: 4 });
/** Paths in an experiment. */
export const path = fc
    .array(name, { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((part) => `x${part}x`).join("/"));
const file = fc.record<File>({
    path,
    content: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    executable: fc.boolean(),
});
/** Experiments: two files can be there together unless one is where the other has a folder. */
export const files = fc
    .uniqueArray(file, { selector: (one) => one.path.split("/")[0] ?? "", minLength: 1, maxLength: 6 })
    .map((own): readonly File[] => [...NEEDED, ...own]);

/** The hash of an image of these files, in a folder of their own. */
export function hashOf(context: TestContext, all: readonly File[]): string {
    const folder = temporaryFolder(context);
    write(join(folder, "recall"), all);
    const { contentHash, files: found } = planImage(folder, OPTIONS);
    assert.equal(found.length, all.length);
    return contentHash;
}

/** Writes the files into a folder. */
export function write(folder: string, all: readonly File[]): void {
    for (const { path: at, content, executable } of all) {
        put(folder, { [at]: "" });
        writeFileSync(join(folder, at), content);
        if (executable) chmodSync(join(folder, at), statSync(join(folder, at)).mode | 0o100);
    }
}
