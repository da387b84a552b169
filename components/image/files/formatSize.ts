/** A number of bytes as docker shows it: in powers of 1000, with three digits. */
export function formatSize(bytes: number): string {
    const units = ["B", "kB", "MB", "GB"];
    const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
