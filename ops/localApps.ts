import { execa } from "execa";
import { z } from "zod";
import { containerUse } from "./containerUse.ts";
import { type AppState, type ListedApp, type ListedContainer, readContainer, readMemory } from "./listedApp.ts";
import { Refusal } from "./refusal.ts";

const line = z.object({ Names: z.string(), Status: z.string(), Ports: z.string(), Labels: z.string() });

/** Bytes of memory that each container of this machine's engine uses. @throws {Refusal} when it does not answer. */
export async function localMemory(): Promise<ReadonlyMap<string, number>> {
    const use = containerUse(await docker("stats", "--no-stream", "--format", "{{json .}}"));
    return new Map(use.map(({ name, memory }) => [name, readMemory(memory)]));
}

/** The apps that it has, of all stacks. @throws {Refusal} when it does not answer. */
export async function localApps(memory: ReadonlyMap<string, number>): Promise<ListedApp[]> {
    const label = "label=com.docker.compose.config-hash=pulumi";
    const found = await docker("ps", "-a", "--no-trunc", "--filter", label, "--format", "{{json .}}");
    return readLocalApps(found, memory);
}

/** Reads what docker prints of the containers, a line of JSON each; `memory` is bytes by container. */
export function readLocalApps(text: string, memory: ReadonlyMap<string, number>): ListedApp[] {
    const containers = text
        .split("\n")
        .filter((each) => each !== "")
        .map((each) => readLine(each));
    return [...Map.groupBy(containers, ({ project }) => project)].map(([project, own]) => ({
        name: project,
        state: stateOf(own),
        atWork: false,
        hosts: own.flatMap(({ address }) => (address === undefined ? [] : [address])),
        memory: own.reduce((sum, { name }) => sum + (memory.get(name) ?? 0), 0),
    }));
}

interface LocalListed extends ListedContainer {
    readonly project: string;
    /** Where a web listens. */
    readonly address: string | undefined;
}

function readLine(text: string): LocalListed {
    const { Names: name, Status: status, Ports: ports, Labels } = line.parse(JSON.parse(text));
    const label = (key: string) => new RegExp(`(?:^|,)com\\.docker\\.compose\\.${key}=([^,]*)`).exec(Labels)?.[1] ?? "";
    const service = label("service");
    const [, port] = /127\.0\.0\.1:(\d+)->/.exec(ports) ?? [];
    const address = service === "web" && port !== undefined ? `localhost:${port}` : undefined;
    return { ...readContainer(service, name, status), project: label("project"), address };
}

function stateOf(containers: readonly ListedContainer[]): AppState {
    if (!containers.some(({ service }) => service === "web")) return "half-made";
    if (!containers.some(({ runs }) => runs)) return "stopped";
    return containers.every(({ isGood }) => isGood) ? "running" : "disturbed";
}

async function docker(...args: readonly string[]): Promise<string> {
    const asked = await execa("docker", args, { reject: false, stdin: "ignore" });
    if (asked.failed)
        throw new Refusal(`the Docker engine of this machine does not answer: ${asked.stderr || asked.shortMessage}`);
    return asked.stdout;
}
