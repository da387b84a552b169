import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { orMissing } from "../components/local/orMissing.ts";

/** A backup's copy, compared with its checksums. */
export interface CheckedCopy {
    /** Of all files, in bytes. */
    readonly size: number;
    /** What is wrong with it, as a sentence about the first such file. */
    readonly problem?: string;
}

/** Compares every file of a backup's copy with its checksum. */
export async function checkCopy(folder: string): Promise<CheckedCopy> {
    const sums = await orMissing(readFile(join(folder, "SHA256SUMS"), "utf8"));
    if (sums === undefined || sums === "") return { size: 0, problem: "SHA256SUMS is missing or empty" };
    let size = 0;
    for (const line of sums.trimEnd().split("\n")) {
        const [expected, file] = [line.slice(0, 64), line.slice(66)];
        const found = await orMissing(sha256(join(folder, file)));
        if (found === undefined) return { size, problem: `${file} is missing` };
        if (found !== expected) return { size, problem: `${file} is not what its checksum says` };
        size += (await stat(join(folder, file))).size;
    }
    return { size };
}

async function sha256(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
}
