import { z } from "zod";
import { formatSize } from "../components/image/files/sizeLimit.ts";
import { serverDoor } from "../components/targets/server/doors.ts";
import { enterDoor } from "./enterDoor.ts";
import { EXIT } from "./exitStatus.ts";
import type { ListedApp } from "./listedApp.ts";
import { localApps, localMemory } from "./localApps.ts";
import { readServerApps } from "./serverApps.ts";
import { shellOfStack } from "./shellOfStack.ts";
import { blocksOfStack } from "./stackBlocks.ts";
import { type Columns, printList } from "./table.ts";

/**
 * Prints what there is of apps where a stack is: on the server that it has or that its app is on, or on this machine. All of them, those
 * of other stacks too. @returns the exit status.
 */
export async function listApps(stack: string | undefined, json: boolean): Promise<number> {
    printList(await appsBeside(stack), columns, json);
    return EXIT.done;
}

const place = z.object({ on: z.union([z.literal("local"), z.object({ stack: z.string() })]).optional() });

async function appsBeside(stack: string | undefined): Promise<ListedApp[]> {
    const experiment = place.safeParse((await blocksOfStack(stack)).get("experiment"));
    const on = experiment.success ? experiment.data.on : undefined;
    if (on === "local") return await localApps(await localMemory());
    const shell = await shellOfStack(on?.stack ?? stack, stack);
    return readServerApps(await shell.output(enterDoor(serverDoor, "apps")));
}

const columns: Columns<ListedApp> = {
    APP: ({ name }) => name,
    STATE: ({ state, atWork, launched }) =>
        [state, ...(atWork ? ["at work"] : []), ...(launched === "unknown" ? ["launch unknown"] : [])].join(", "),
    ADDRESS: ({ hosts }) => hosts.join(" "),
    RELEASE: ({ release }) => release?.release ?? "",
    IMAGE: ({ release }) => /@(.{19})/.exec(release?.image ?? "")?.[1] ?? "",
    SINCE: ({ release }) => release?.applied ?? "",
    STACK: ({ release }) => (release?.stack ?? "").replace(/^organization\/dallinger\//, ""),
    "LAST ANSWER": ({ lastAnswer }) => (lastAnswer === null ? "none" : (lastAnswer ?? "")),
    MEMORY: ({ memory }) => formatSize(memory),
    DISK: ({ disk }) => (disk === undefined ? "" : formatSize(disk)),
};
