import type { automation } from "@pulumi/pulumi";
import type { TestServer } from "../../../support/testLab.ts";
import type { TestStack } from "../../../support/testStack.ts";

/** What of a server is shared, and by which words a preview names it. */
const shared: Readonly<Record<string, RegExp>> = {
    "dlgr-server/postgres": /postgres/i,
    "dlgr-server/caddy": /caddy/i,
};

/** What runs on a server: `project/service` -> its containers, each by its id and the moment it was started. */
export type Running = Readonly<Record<string, string>>;

/** Looks at every container of a server, those that have ended included. */
export async function running(server: TestServer): Promise<Running> {
    const label = (name: string) => `{{index .Config.Labels "com.docker.compose.${name}"}}`;
    const format = `${label("project")}/${label("service")} {{.Id}} {{.State.Status}} {{.State.StartedAt}}`;
    const lines = await server.shell(`docker ps -aq | xargs -r docker inspect --format '${format}'`);
    const grouped = Map.groupBy(lines.split("\n").toSorted(), (line) => line.slice(0, line.indexOf(" ")));
    return Object.fromEntries([...grouped].map(([service, found]) => [service, found.join("\n")]));
}

/** The services that are not what they were: made anew, restarted, gone or added. */
export function restarted(before: Running, after: Running): string[] {
    const services = Object.keys({ ...before, ...after });
    return services.filter((service) => before[service] !== after[service]).toSorted();
}

/** What a preview of a server's stack says: the paths of the plain inputs that change, and warnings of a restart. */
export async function previewOfServer(stack: TestStack): Promise<string[]> {
    const said: string[] = [];
    const onEvent = ({ resourcePreEvent, diagnosticEvent }: automation.EngineEvent) => {
        const { type, old, new: next } = resourcePreEvent?.metadata ?? {};
        if (type === "dallinger:index:Server") said.push(...changedPaths(old?.inputs, next?.inputs));
        const { severity = "", message = "" } = diagnosticEvent ?? {};
        if (severity === "warning" && /restart/i.test(message)) said.push(message.trim());
    };
    await stack.preview({ onEvent });
    return said;
}

/** The shared services that are named in what a preview says. */
export function announcedOfServer(said: readonly string[]): string[] {
    return Object.entries(shared)
        .filter(([, name]) => said.some((text) => name.test(text)))
        .map(([service]) => service);
}

/** `a.b` for each value that two plain objects do not share. */
function changedPaths(old: unknown, next: unknown, path: readonly string[] = []): string[] {
    if (!isObject(old) && !isObject(next)) {
        return JSON.stringify(old) === JSON.stringify(next) ? [] : [path.join(".")];
    }
    const [before, after] = [isObject(old) ? old : {}, isObject(next) ? next : {}];
    return Object.keys({ ...before, ...after }).flatMap((key) => changedPaths(before[key], after[key], [...path, key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
