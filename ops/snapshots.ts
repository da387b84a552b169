import { z } from "zod";
import { isBackupName } from "../components/configuration/experiment/experimentShape.ts";
import { appOfStack } from "./appOfStack.ts";
import { EXIT } from "./exitStatus.ts";
import { Refusal } from "./refusal.ts";
import { type Columns, printList } from "./table.ts";

/** A backup in an app's repository. */
interface Snapshot {
    /** `<app>/<UTC time>`. */
    readonly path: string;
    readonly kind: string;
    /** By which restic knows it. */
    readonly snapshot: string;
}

/** Prints the backups of the stack's app that its repository has: the server asks it. */
export async function listSnapshots(stack: string | undefined, json: boolean): Promise<number> {
    const { name, ask } = await appOfStack(stack);
    const columns: Columns<Snapshot> = {
        BACKUP: ({ path }) => path,
        KIND: ({ kind }) => kind,
        SNAPSHOT: ({ snapshot }) => snapshot,
    };
    printList(readSnapshots(await ask("snapshots"), name), columns, json);
    return EXIT.done;
}

const told = z
    .array(z.object({ id: z.string().regex(/^[0-9a-f]{64}$/), tags: z.array(z.string()).default([]) }))
    .nullable();

/**
 * Reads restic's list; the same backup counts once, however often it was sent.
 *
 * @throws {Refusal} when it is none.
 */
export function readSnapshots(text: string, app: string): readonly Snapshot[] {
    const parsed = told.safeParse(parsedJson(text));
    if (!parsed.success) throw new Refusal("the repository's list of backups is nothing that restic is known to print");
    const found = (parsed.data ?? []).flatMap(({ id, tags }) => {
        const name = tagged(tags, "backup");
        if (!isBackupName(name)) return [];
        return [{ path: `${app}/${name}`, kind: tagged(tags, "kind"), snapshot: id.slice(0, 8) }];
    });
    const latest = new Map(found.map((snapshot) => [snapshot.path, snapshot]));
    return [...latest.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Of a tag `dallinger-KEY=VALUE`. */
function tagged(tags: readonly string[], key: string): string {
    const start = `dallinger-${key}=`;
    return tags.find((tag) => tag.startsWith(start))?.slice(start.length) ?? "";
}

function parsedJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
