/** The names that an experiment has on this machine. They are contracts: what is left of it is found by them. */
export interface LocalNames {
    /** Compose project, and name of the network. Begins each other name. */
    readonly project: string;
    /** Volume with the database. */
    readonly postgres: string;
    /** Volume with what Redis writes down. */
    readonly redis: string;
    /** Folder of its compose file, secrets and files, relative to the project's. */
    readonly folder: string;
}

/** Name of the database and of the role that owns it. */
export const LOCAL_DATABASE = "dallinger";

/** Name of the service with the browser of bots. */
export const BROWSER = "browser";

/** Folder of all of them, relative to the project's. */
const FOLDERS = "local";

/**
 * The names of an experiment. `project` ends with what is random and stays with the stack: another checkout of the same experiment has
 * another one, and an app that gets another name keeps it, because its data is found by it.
 */
export function localNames(project: string): LocalNames {
    return { project, postgres: `${project}-postgres`, redis: `${project}-redis`, folder: `${FOLDERS}/${project}` };
}

/** Name of a container; `number` counts those of one service, from 1 on. */
export function containerName({ project }: Pick<LocalNames, "project">, service: string, number: number): string {
    return `${project}-${service}-${number}`;
}

/** Whether a path is one that {@link localNames} gives for a folder. */
export function isLocalFolder(path: string): boolean {
    return new RegExp(`^${FOLDERS}/[a-z0-9][a-z0-9-]*-[0-9a-f]{6}$`).test(path);
}
