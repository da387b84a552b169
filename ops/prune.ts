import { z } from "zod";
import { formatSize } from "../components/image/files/sizeLimit.ts";
import { serverDoor } from "../components/targets/server/doors.ts";
import { enterDoor } from "./enterDoor.ts";
import { EXIT } from "./exitStatus.ts";
import { removeLocalImages, unusedLocalImages } from "./localImages.ts";
import { type PrunedPart, type PruneEnd, type PrunePlan, readPruneEnd, readPrunePlan } from "./pruned.ts";
import { ask } from "./question.ts";
import { shellOfStack } from "./shellOfStack.ts";
import { blocksOfStack } from "./stackBlocks.ts";
import { type Columns, printList } from "./table.ts";
import { atTerminal } from "./terminal.ts";

/** Shows what would go, and says whether it is to. */
type Agree = (plan: PrunePlan) => Promise<boolean>;

/** What was to go, and what of it went; nothing where nobody wanted that. */
interface Pruned {
    readonly plan: PrunePlan;
    readonly end: PruneEnd | undefined;
}

/**
 * Prints what nobody needs any more where a stack is, on its server or on this machine, and removes it once somebody at a terminal agrees,
 * or with `yes`. Without either it is only shown. @returns the exit status.
 */
export async function prune(stack: string | undefined, options: { yes: boolean; json: boolean }): Promise<number> {
    const { yes, json } = options;
    const { plan, end } = await pruneBeside(stack, async (found) => {
        if (!json) show(found);
        if (found.parts.length === 0) return false;
        if (!yes && (json || !atTerminal())) return false;
        await ask("Remove them?", yes);
        return true;
    });
    const parts = plan.parts.map((part) => ({ ...part, gone: end?.gone.includes(part.id) ?? false }));
    if (json) console.log(JSON.stringify({ parts, busy: plan.busy, freed: end?.freed ?? 0 }, null, 2));
    else if (end !== undefined) tell(parts, end);
    else if (parts.length > 0) console.error("nothing was removed: --yes does it");
    return EXIT.done;
}

const place = z.object({ on: z.union([z.literal("local"), z.object({ stack: z.string() })]).optional() });

async function pruneBeside(stack: string | undefined, agree: Agree): Promise<Pruned> {
    const experiment = place.safeParse((await blocksOfStack(stack)).get("experiment"));
    const on = experiment.success ? experiment.data.on : undefined;
    if (on === "local") {
        const plan = await unusedLocalImages();
        return { plan, end: (await agree(plan)) ? await removeLocalImages(plan) : undefined };
    }
    const shell = await shellOfStack(on?.stack ?? stack, stack);
    return await shell.converse(enterDoor(serverDoor, "prune"), async ({ hear, tell }) => {
        const plan = readPrunePlan(await hear());
        const agreed = await agree(plan);
        tell(agreed ? "yes" : "no");
        const said = await hear();
        return { plan, end: agreed ? readPruneEnd(said) : undefined };
    });
}

const columns: Columns<PrunedPart> = {
    WHAT: ({ kind }) => kind,
    NAME: ({ kind, id, name }) => (kind === "image" && name === "none" ? id.slice(0, 19) : name),
    SIZE: ({ bytes }) => formatSize(bytes),
};

function show({ parts, busy }: PrunePlan): void {
    printList(parts, columns, false);
    for (const name of busy)
        console.error(
            name === "images"
                ? "an image is being brought at the moment: no experiment's image goes"
                : `somebody is at work on ${name}: nothing of it goes`,
        );
    if (parts.length === 0) console.log("there is nothing to remove");
}

function tell(parts: readonly (PrunedPart & { readonly gone: boolean })[], { gone, freed }: PruneEnd): void {
    for (const { name } of parts.filter((part) => !part.gone))
        console.error(`${name} is in use, or has another name, and stays`);
    console.log(`removed ${gone.length} of ${parts.length}, freed ${formatSize(freed)}`);
}
