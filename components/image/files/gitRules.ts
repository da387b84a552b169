import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isInWorkTree, listWithGit, runGit } from "./folderListing.ts";

/** What git knows of a folder that cannot be seen in it. */
export interface GitRules {
    /** Lines that hold in each repository of the user's, from its top on. */
    readonly everywhere: readonly string[];
    /** Whether the folder is ignored as a whole: only what git tracks belongs to it then. */
    readonly ignored: boolean;
    /**
     * Other lines from above the folder, as those of a `.gitignore` there, the strongest last. `above` is the way from where their paths
     * begin down to the folder: `examples/recall/`.
     */
    readonly outer: readonly { readonly above: string; readonly lines: readonly string[] }[];
    /** Files that git tracks: those it would ignore belong to the folder all the same. */
    readonly tracked: readonly string[];
    /** Whether patterns match names in whatever case, as on file systems that know none. */
    readonly ignoreCase: boolean;
}

/**
 * What git says about a folder; nothing where it does not count (`listFolder`).
 *
 * @throws {GitListingError} when git is needed and fails.
 */
export function readGitRules(folder: string): GitRules | undefined {
    if (!isInWorkTree(folder) || listWithGit(folder).length === 0) return undefined;
    const [top = "", above = "", exclude = ""] = runGit(folder, [
        "rev-parse",
        "--show-toplevel",
        "--show-prefix",
        "--git-path",
        "info/exclude",
    ]).split("\n");
    const steps = above.split("/").slice(0, -1);
    const between = steps.map((_, index) => ({
        lines: linesOf(join(top, ...steps.slice(0, index), ".gitignore")),
        above: steps
            .slice(index)
            .map((step) => `${step}/`)
            .join(""),
    }));
    const everywhere = linesOf(excludesFile(folder));
    const outer = [{ above, lines: everywhere }, { above, lines: linesOf(resolve(folder, exclude)) }, ...between];
    return {
        everywhere,
        ignored: above !== "" && isIgnored(top, above.slice(0, -1)),
        outer: outer.filter(({ lines }) => lines.length > 0),
        tracked: listWithGit(folder, ["--cached"]),
        ignoreCase:
            runGit(folder, ["config", "--type=bool", "--default", "false", "--get", "core.ignoreCase"]).trim() ===
            "true",
    };
}

/** Without a slash at its end, at which git asks the folder's own `.gitignore`, too; what begins with `:` would be no path. */
function isIgnored(top: string, path: string): boolean {
    return runGit(top, ["check-ignore", "--no-index", "--", `./${path}`], [0, 1]) !== "";
}

/** gitignore(5). */
function excludesFile(folder: string): string {
    const configured = runGit(folder, ["config", "--default", "", "--path", "--get", "core.excludesFile"]).trim();
    if (configured !== "") return resolve(folder, configured);
    return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "git/ignore");
}

/** Lines that say something; none where there is no such file. */
function linesOf(file: string): string[] {
    try {
        const lines = readFileSync(file, "utf8")
            .replace(/^\uFEFF/, "")
            .split(/\r?\n/);
        return lines.filter((line) => line !== "" && !line.startsWith("#"));
    } catch {
        return [];
    }
}
