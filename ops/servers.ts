import { z } from "zod";
import { checkServerOutput } from "../components/configuration/server/serverOutput.ts";
import { formatSize } from "../components/image/files/sizeLimit.ts";
import { serverDoor } from "../components/targets/server/doors.ts";
import { enterDoor } from "./enterDoor.ts";
import { EXIT } from "./exitStatus.ts";
import { privateKeyOfStack } from "./privateKeyOfStack.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";
import { ServerShell } from "./serverShell.ts";
import { type Columns, printList } from "./table.ts";

/** A server of a stack; where it does not say how it is, `problem` says why. */
interface ListedServer extends Partial<ServerUse> {
    readonly stack: string;
    readonly host: string;
    readonly problem?: string;
}

/** What a server says of itself (templates/server/verbs/use.sh). Sizes are bytes. */
export interface ServerUse {
    /** Version of what this program keeps there. */
    readonly layout: number;
    /** Version of its Docker engine. */
    readonly engine: string;
    /** Seconds since it was started. */
    readonly up: number;
    /** Processes that want a processor, over the last minute. */
    readonly load: number;
    readonly processors: number;
    readonly memory: number;
    readonly memoryFree: number;
    /** Where Docker keeps its data. */
    readonly disk: number;
    readonly diskFree: number;
    /** Names of those that stacks have claimed there. */
    readonly apps: readonly string[];
}

/**
 * Prints the servers of all stacks of the backend, each asked at the same time. @returns the exit status: {@link EXIT.differs} when one
 * does not answer.
 */
export async function listServers(json: boolean): Promise<number> {
    const stacks = z
        .array(z.object({ name: z.string() }))
        .parse(JSON.parse(await pulumi(undefined, ["stack", "ls", "--json"])));
    const found = await Promise.all(stacks.map(async ({ name }) => await serverOf(name)));
    const servers = found.flat();
    printList(servers, columns, json);
    return servers.some(({ problem }) => problem !== undefined) ? EXIT.differs : EXIT.done;
}

const outputs = z.object({ server: z.unknown().optional() });

/** The server that a stack has prepared; nothing where it has none. */
async function serverOf(stack: string): Promise<ListedServer[]> {
    let host = "";
    try {
        const { server } = outputs.parse(JSON.parse(await pulumi(stack, ["stack", "output", "--json"])));
        // An experiment on another stack's server has no such output.
        if (server === undefined) return [];
        const checked = checkServerOutput(server, stack);
        if (checked.server === undefined) throw new Refusal(checked.problems.map(({ message }) => message).join("; "));
        host = checked.server.host;
        const shell = new ServerShell(checked.server, await privateKeyOfStack(stack));
        return [{ stack, host, ...readServerUse(await shell.output(enterDoor(serverDoor, "use"))) }];
    } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return [{ stack, host, problem: error.message.trim().split("\n")[0] ?? "" }];
    }
}

const number = z.coerce.number().nonnegative();
const said = z.object({
    ...{ layout: number, engine: z.string(), up: number, load: number, processors: number },
    ...{ memory: number, "memory-free": number, disk: number, "disk-free": number },
});

/** Reads what the server's verb `use` prints. @throws {Error} when something of it is not there. */
export function readServerUse(text: string): ServerUse {
    const facts = text
        .split("\n")
        .map((line) => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)] as const);
    const { "memory-free": memoryFree, "disk-free": diskFree, ...rest } = said.parse(Object.fromEntries(facts));
    const apps = facts.filter(([key]) => key === "app").map(([, name]) => name);
    return { ...rest, memoryFree, diskFree, apps };
}

const columns: Columns<ListedServer> = {
    STACK: ({ stack }) => stack,
    SERVER: ({ host }) => host,
    STATE: ({ problem }) => problem ?? "answers",
    DOCKER: ({ engine }) => engine ?? "",
    LOAD: ({ load, processors }) => (load === undefined ? "" : `${load} of ${processors}`),
    "MEMORY FREE": ({ memoryFree, memory }) => freeOf(memoryFree, memory),
    "DISK FREE": ({ diskFree, disk }) => freeOf(diskFree, disk),
    APPS: ({ apps }) => (apps ?? []).join(" "),
};

function freeOf(free: number | undefined, all: number | undefined): string {
    return free === undefined || all === undefined ? "" : `${formatSize(free)} of ${formatSize(all)}`;
}
