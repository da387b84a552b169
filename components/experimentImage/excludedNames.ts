/**
 * Names of files and folders, at any depth, that never belong to an experiment: what Dallinger leaves out of its own
 * deployments, and version control, virtual environments and the desktop's droppings beside it.
 */
const EXCLUDED: ReadonlySet<string> = new Set([
    ".git",
    "config.txt",
    "local_only",
    "node_modules",
    "snapshots",
    "data",
    "develop",
    "server.log",
    "__pycache__",
    "logs.jsonl",
    ".hg",
    ".svn",
    ".bzr",
    ".venv",
    "venv",
    ".DS_Store",
]);

const EXCLUDED_ENDINGS: readonly string[] = [".db", ".dmg"];

/** Whether a file or folder of this name stays out of the image, with all that is in it. */
export function isExcludedName(name: string): boolean {
    return EXCLUDED.has(name) || EXCLUDED_ENDINGS.some((ending) => name.endsWith(ending));
}

/** Whether a path has an excluded name in it; parts are separated by `/`. */
export function isExcludedPath(path: string): boolean {
    return path.split("/").some(isExcludedName);
}
