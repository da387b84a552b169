/** The files in the folder of an experiment on this machine, by their paths there. */
export const LOCAL_FILES = {
    compose: "compose.yaml",
    secrets: "secrets/app.json",
    databasePassword: "secrets/database-password",
    /** Folder of what processes are started by. */
    start: "start",
    /** What the experiment saves in /var/lib/dallinger. */
    files: "files",
    /** Dallinger opens it as soon as it starts, in the folder that it runs in. */
    log: "logs.jsonl",
} as const;

/** Repositories whose images were built for the experiment. */
export const REPOSITORIES_FILE = "state/repositories.json";

/** Ids of the stack's containers, noted when all are there. */
export const CONTAINERS_FILE = "state/containers.json";

/** Which containers of the stack's others have been put in the place of. */
export const TAKEN_OVER_FILE = "state/taken-over.json";

/** Where a container finds what starts it, and its secrets. */
export const STARTED_FROM = "/run/dallinger";

/** Starts a program in a container with the experiment's secrets. */
export const START = ["python3", `${STARTED_FROM}/start/start.py`];
