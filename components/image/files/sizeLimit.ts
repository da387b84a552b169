import { configurationPath, setCommand } from "../../configuration/checking/configurationPath.ts";
import type { Problem } from "../../configuration/checking/problems.ts";

/** A number of bytes as docker shows it: in powers of 1000, with three digits. */
export function formatSize(bytes: number): string {
    const units = ["B", "kB", "MB", "GB"];
    const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** What counts: a file's path and its size in bytes. */
interface SizedFile {
    readonly path: string;
    readonly size: number;
}

/** Megabytes that an experiment's files may have together by default: Dallinger's own limit, `EXP_MAX_SIZE_MB`. */
export const STANDARD_LIMIT = 256;

const MEGABYTE = 1_000_000;
const NAMED_FILES = 5;

/** Says that files are more than an image should hold, and which are the biggest; `limit` is in megabytes of 1000000 bytes. */
export function checkSize(folder: string, files: readonly SizedFile[], limit: number): Problem[] {
    const total = totalSize(files);
    if (total <= limit * MEGABYTE) return [];
    const biggest = files
        .toSorted((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
        .slice(0, NAMED_FILES)
        .map(({ path, size }) => `${path} (${formatSize(size)})`);
    const key = configurationPath("experiment", "image", "maxSize");
    const enough = String(Math.ceil(total / MEGABYTE / 50) * 50);
    return [
        {
            path: folder,
            message: `has ${formatSize(total)} for the image, more than ${limit} MB; the biggest are ${biggest.join(", ")}`,
            fix: `Name in .dockerignore what the experiment does not need, or raise the limit:\n${setCommand(key, enough)}`,
        },
    ];
}

/** Sizes put together, in bytes. */
export function totalSize(files: readonly SizedFile[]): number {
    return files.reduce((sum, { size }) => sum + size, 0);
}
