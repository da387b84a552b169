import { z } from "zod";
import { containersOf, type FoundContainer } from "./engineCommand.ts";
import { CONTAINERS_FILE, TAKEN_OVER_FILE } from "./localFolder.ts";
import type { LocalNames } from "./localNames.ts";
import { readState } from "./writtenState.ts";

/** Containers of the stack's, by their names, in whose place there were others: the ids of those. */
export type TakenOver = Readonly<Record<string, string>>;

/** An experiment on this machine, by the names of its project and its folder. */
type Place = Pick<LocalNames, "project" | "folder">;

/**
 * Which have been so far, those that are there now included. Their names are the ones that the stack's containers want: they have to go
 * first, and the stack's are made anew, which Pulumi does where one of their labels is another one.
 */
export async function findTakenOver(engine: string, place: Place): Promise<TakenOver> {
    const known = await readState(place.folder, TAKEN_OVER_FILE, z.record(z.string(), z.string()), {});
    // What somebody runs once by `docker compose run` has a name that the stack does not want.
    const wanted = new RegExp(`^${place.project}-[a-z]+-[0-9]+$`);
    const others = (await foreignContainers(engine, place)).flatMap(({ name, id }) =>
        wanted.test(name) ? [[name, id] as const] : [],
    );
    const all = Object.entries({ ...known, ...Object.fromEntries(others) });
    return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The experiment's containers that no deployment which came to its end knows: somebody's `docker compose up` has made them, or a run
 * that was killed, of which the state does not know what it has made.
 */
export async function foreignContainers(engine: string, { project, folder }: Place): Promise<FoundContainer[]> {
    const own = await readState(folder, CONTAINERS_FILE, z.array(z.string()), []);
    return (await containersOf({ engine, project })).filter(({ id }) => !own.includes(id));
}
