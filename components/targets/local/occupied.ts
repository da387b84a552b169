import { once } from "node:events";
import { createServer } from "node:net";
import { configurationPath, setCommand } from "../../configuration/checking/configurationPath.ts";
import { docker } from "./engineCommand.ts";
import { containerName } from "./localNames.ts";
import { localServices } from "./localServices.ts";
import type { LocalSpec } from "./localSpec.ts";

/** A container that an engine has. */
export interface EngineContainer {
    readonly name: string;
    /** Its compose project; empty where it has none. */
    readonly project: string;
    /** Ports of the machine that it publishes. */
    readonly ports: readonly number[];
}

/** The names and ports that an experiment is to have on this machine. */
interface Wanted {
    readonly project: string;
    /** Names of its containers. */
    readonly containers: readonly string[];
    /** Ports, by their keys in `experiment.local`. */
    readonly ports: Readonly<Record<string, number>>;
}

/**
 * What has the names or ports of an experiment already and is none of its own, a line for each, with the way out. `listened` are those of
 * the ports at which something of this machine listens.
 */
export function findObstacles(
    wanted: Wanted,
    containers: readonly EngineContainer[],
    listened: ReadonlySet<number>,
): string[] {
    const others = containers.filter(({ project }) => project !== wanted.project);
    const own = containers.filter(({ project }) => project === wanted.project);
    const names = others
        .filter(({ name }) => wanted.containers.includes(name))
        .map(
            ({ name }) =>
                `the container ${name} is not this experiment's: rename it, or remove it (docker rm -f ${name})`,
        );
    const ports = Object.entries(wanted.ports).flatMap(([key, port]) => {
        const other = others.find((container) => container.ports.includes(port));
        const isOwn = own.some((container) => container.ports.includes(port));
        if (other === undefined && (isOwn || !listened.has(port))) return [];
        const by = other === undefined ? "another program" : `the container ${other.name}`;
        const set = setCommand(configurationPath("experiment", "local", key), String(port + 1));
        return [`port ${port} of this machine is taken by ${by}: end that, or choose another one (${set})`];
    });
    return [...names, ...ports];
}

/**
 * The obstacles that an engine and this machine have for an experiment now.
 *
 * @throws {Error} with docker's words where it does not answer.
 */
export async function lookForObstacles(engine: string, spec: LocalSpec): Promise<string[]> {
    const wanted = wantedBy(spec);
    const ports = Object.values(wanted.ports);
    const taken = await Promise.all(ports.map(async (port) => ((await isListened(port)) ? [port] : [])));
    return findObstacles(wanted, await containersOfEngine(engine), new Set(taken.flat()));
}

function wantedBy(spec: LocalSpec): Wanted {
    const { names, ports } = spec;
    const containers = Object.entries(localServices(spec)).flatMap(([service, { scale = 1 }]) =>
        Array.from({ length: scale }, (_, index) => containerName(names, service, index + 1)),
    );
    return {
        project: names.project,
        containers,
        ports: {
            port: ports.web,
            ...(ports.postgres !== undefined && { databasePort: ports.postgres }),
            ...(ports.redis !== undefined && { redisPort: ports.redis }),
        },
    };
}

async function containersOfEngine(engine: string): Promise<EngineContainer[]> {
    const format = '{{.Names}}\t{{.Label "com.docker.compose.project"}}\t{{.Ports}}';
    const lines = (await docker(engine, ["ps", "-a", "--format", format])).split("\n").filter((line) => line !== "");
    return lines.map((line) => {
        const [name = "", project = "", ports = ""] = line.split("\t");
        return { name, project, ports: [...ports.matchAll(/:(\d+)->/g)].map(([, port]) => Number(port)) };
    });
}

/** Whether something listens on a port, for this machine alone or for all. */
async function isListened(port: number): Promise<boolean> {
    const server = createServer();
    try {
        server.listen({ port, host: "127.0.0.1", exclusive: true });
        await once(server, "listening");
        return false;
    } catch {
        return true;
    } finally {
        server.close();
    }
}
