import { readFile } from "node:fs/promises";
import { execa } from "execa";

/** File systems that hold no files of their own. */
const views =
    /^(proc|sysfs|cgroup2?|devpts|devtmpfs|mqueue|securityfs|debugfs|tracefs|pstore|bpf|nsfs|fusectl|hugetlbfs)$/;

/** Which files to look at. */
export interface ChangedFilesOptions {
    /** Root folder of the machine they are on, as it is seen from this one; empty for this one. */
    readonly root: string;
    /** Files below these, on the same file system. */
    readonly folders: readonly string[];
    /** Folders, or patterns of their paths, that are left out. */
    readonly without: readonly string[];
    /** Files that were written, or got another mode, from then on: others cannot hold a secret that was made later. */
    readonly since: Date;
    /** Whether a file with several names is given by each, or by one: enough where no name would excuse what is in it. */
    readonly names: "each" | "one";
}

/** Paths of files on a machine, as they are seen from this one. */
export async function changedFiles({ root, folders, without, since, names }: ChangedFilesOptions): Promise<string[]> {
    const pruned = without.flatMap((pattern) => ["-path", root + pattern, "-prune", "-o"]);
    const changed = ["-type", "f", "-newerct", `@${since.getTime() / 1000}`, "-printf", "%D:%i %p\\0"];
    const from = folders.map((folder) => root + folder);
    // Files come and go meanwhile: find's exit status says nothing.
    const { stdout } = await execa("find", [...from, "-xdev", ...pruned, ...changed], {
        reject: false,
        maxBuffer: 1 << 30,
    });
    const files = stdout.split("\0").flatMap((line): [string, string][] => {
        const end = line.indexOf(" ");
        return end < 0 ? [] : [[line.slice(0, end), line.slice(end + 1)]];
    });
    return names === "one" ? [...new Map(files).values()] : [...new Set(files.map(([, path]) => path))];
}

/** The folders on which a machine has mounted something; of the overlays of containers only what they are made from is looked at. */
export async function mountedFolders(process: number): Promise<string[]> {
    const mounts = await readFile(`/proc/${process}/mountinfo`, "utf8");
    const folders = mounts.split("\n").flatMap((line) => {
        const [, , , , folder = "", ...rest] = line.split(" ");
        const type = rest[rest.indexOf("-") + 1] ?? "";
        return folder === "" || views.test(type) || /\/overlay2\/\w+\/merged$/.test(folder) ? [] : [folder];
    });
    return [...new Set(folders)];
}
