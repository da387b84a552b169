import { join } from "node:path";
import { z } from "zod";
import { field, RequestEnvironment } from "../../local/requestEnvironment.ts";

/** What the programs are told that work on an experiment on this machine. */
export interface LocalRequest {
    /** Address of the Docker engine. */
    readonly engine: string;
    /** Compose project of the experiment. */
    readonly project: string;
    /** Its folder, relative to the Pulumi project's. */
    readonly folder: string;
    /** Port of this machine on which it answers. */
    readonly port: number;
    /** Host and port by which participants visit it. */
    readonly address: string;
    /** Anything; with another text it begins with an empty database. */
    readonly fresh: string;
    /** Whether its data is saved before it is removed. */
    readonly save: boolean;
    /** Repository whose images were built for it, and go with it; empty where none was built. */
    readonly repository: string;
}

/** Tells them. */
export const localRequest = new RequestEnvironment<LocalRequest>(
    "DALLINGER_LOCAL",
    z.object({
        engine: field.word,
        project: field.word,
        folder: field.word,
        port: field.number,
        address: field.word,
        fresh: field.text,
        save: field.flag,
        repository: field.text,
    }),
    "LocalApp",
);

/** Files of the programs. Their paths are contracts: states name them in what is run when an experiment goes. */
export const LOCAL_PROGRAMS = {
    /** Finds a free port. */
    port: join(import.meta.dirname, "programs/choosePort.ts"),
    /** Writes and removes the experiment's folder. */
    folder: join(import.meta.dirname, "programs/keepFolder.ts"),
    /** Removes what has taken the names of its containers. */
    names: join(import.meta.dirname, "programs/takeNames.ts"),
    /** Notes which containers are the stack's. */
    containers: join(import.meta.dirname, "programs/recordContainers.ts"),
    /** Makes the tables. */
    database: join(import.meta.dirname, "programs/makeTables.ts"),
    launch: join(import.meta.dirname, "programs/launchOnce.ts"),
    /** Saves the data before anything goes. */
    end: join(import.meta.dirname, "programs/saveAtEnd.ts"),
} as const;
