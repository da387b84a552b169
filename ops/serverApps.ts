import { z } from "zod";
import { type AppState, type ListedApp, type ListedContainer, readContainer, readMemory } from "./listedApp.ts";

const record = z.object({
    ...{ release: z.string(), image: z.string(), applied: z.string(), by: z.string(), stack: z.string() },
    commit: z.string(),
});

/** Reads what the server's verb `apps` prints (templates/server/verbs/apps.sh). @throws {Error} for what it does not print. */
export function readServerApps(text: string): ListedApp[] {
    const [head = "", ...apps] = text.split(/^app /m);
    const memory = new Map(factsIn(head).map(([, value]) => memoryOf(value)));
    return apps.map((facts) => readApp(facts, memory));
}

function readApp(text: string, memory: ReadonlyMap<string, number>): ListedApp {
    const [name = "", ...rest] = text.split("\n");
    const facts = factsIn(rest.join("\n"));
    const all = (key: string) => facts.filter(([found]) => found === key).map(([, value]) => value);
    const one = (key: string) => all(key)[0];
    const containers = all("container").map(containerOf);
    const said = one("record");
    return {
        name,
        state: stateOf(facts, containers),
        atWork: one("at-work") !== undefined,
        hosts: (one("hosts") ?? "").split(", ").filter((host) => host !== ""),
        release: said === undefined ? undefined : record.parse(JSON.parse(said)),
        owner: one("owner"),
        launched: one("launch") === "unknown" ? "unknown" : one("launch") === "known",
        lastAnswer: answerOf(one("answered")),
        memory: containers.reduce((sum, container) => sum + (memory.get(container.name) ?? 0), 0),
        disk: sumOf([one("files"), one("database")?.split(" ")[1]]),
    };
}

type Fact = readonly [key: string, value: string];

/** The lines `KEY VALUE` of what a verb prints. */
export function factsIn(text: string): Fact[] {
    return text.split("\n").flatMap((line) => {
        const [, key, value] = /^([a-z-]+) ?(.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value] as const];
    });
}

function containerOf(line: string): ListedContainer {
    const [service = "", name = "", ...status] = line.split(" ");
    return readContainer(service, name, status.join(" "));
}

function stateOf(facts: readonly Fact[], containers: readonly ListedContainer[]): AppState {
    const has = (key: string) => facts.some(([found]) => found === key);
    if (!has("owner")) return "foreign";
    if (!has("record") || has("mark")) return "half-made";
    if (!containers.some(({ runs }) => runs)) return "stopped";
    const wanted = facts.filter(([key]) => key === "wanted").map(([, value]) => value.split(" "));
    const isWhole = wanted.every(([service, , number]) => {
        const good = containers.filter((container) => container.service === service && container.isGood);
        return good.length >= Number(number);
    });
    return isWhole ? "running" : "disturbed";
}

/** A time that is one: the database it comes from is the app's. */
function answerOf(said: string | undefined): string | null | undefined {
    if (said === "") return null;
    return said !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(said) ? said : undefined;
}

/** `NAME 61.2MiB / 512MiB` */
function memoryOf(line: string): [string, number] {
    const [name = "", ...use] = line.split(" ");
    return [name, readMemory(use.join(" "))];
}

/** Bytes of what is there, together; not known where one of them could not be read. */
function sumOf(sizes: readonly (string | undefined)[]): number | undefined {
    const known = sizes.filter((size) => size !== undefined);
    return known.every((size) => /^\d+$/.test(size)) ? known.reduce((sum, size) => sum + Number(size), 0) : undefined;
}
