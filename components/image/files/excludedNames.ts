/** What version control keeps in a work tree. */
const VERSION_CONTROL: ReadonlySet<string> = new Set([".git", ".hg", ".svn", ".bzr"]);

/** What running an experiment, or a desktop, leaves in a folder: other bytes on every machine, and none of the experiment's. */
const LEFTOVERS: ReadonlySet<string> = new Set(["__pycache__", "server.log", "logs.jsonl", ".DS_Store"]);

/** What Dallinger leaves out of its own deployments, unless a `deploy.toml` says otherwise, and virtual environments beside it. */
const EXCLUDED: ReadonlySet<string> = new Set([
    "config.txt",
    "local_only",
    "node_modules",
    "snapshots",
    "data",
    "develop",
    ".venv",
    "venv",
]);

const EXCLUDED_ENDINGS: readonly string[] = [".db", ".dmg"];

/** Whether a file or folder of this name is version control's. */
export function isVersionControl(name: string): boolean {
    return VERSION_CONTROL.has(name);
}

/** Whether a file or folder of this name is no part of anything that somebody has written, whatever else is said about it. */
export function isLeftover(name: string): boolean {
    return isVersionControl(name) || LEFTOVERS.has(name);
}

/** Whether a file or folder of this name stays out of the image, with all that is in it, where no `deploy.toml` says what does. */
export function isExcludedName(name: string): boolean {
    return isLeftover(name) || EXCLUDED.has(name) || EXCLUDED_ENDINGS.some((ending) => name.endsWith(ending));
}

/** Folders in which this program keeps the secrets and the data of experiments on this machine, where its project's folder is an experiment's. */
const OWN_FOLDERS = /(?:^|\/)(?:local|backups)\/[a-z0-9][a-z0-9-]*-[0-9a-f]{6}\//;

/** Whether a file is this program's own: never a part of an experiment. */
export function isOwnFile(path: string): boolean {
    return OWN_FOLDERS.test(path);
}

/** Names of files and folders that stay out with all in them, and endings of such names, for those who ask by themselves. */
export interface ExcludedNames {
    readonly names: readonly string[];
    readonly endings: readonly string[];
    /** Source of a regular expression for paths that stay out: what {@link isOwnFile} says. */
    readonly paths: string;
}

/** What {@link isLeftover} says. */
export const LEFTOVER_NAMES: ExcludedNames = {
    names: [...VERSION_CONTROL, ...LEFTOVERS],
    endings: [],
    paths: OWN_FOLDERS.source,
};

/** What {@link isExcludedName} says. */
export const EXCLUDED_NAMES: ExcludedNames = {
    names: [...LEFTOVER_NAMES.names, ...EXCLUDED],
    endings: EXCLUDED_ENDINGS,
    paths: OWN_FOLDERS.source,
};
