import type { Readable } from "node:stream";
import { execa } from "execa";
import { containerName } from "./localNames.ts";

/** Which experiment, with which engine. */
interface Place {
    /** Address of the engine. */
    readonly engine: string;
    /** Compose project of the experiment. */
    readonly project: string;
}

/** How docker is run. */
interface RunOptions {
    /** Tells it to stop. */
    readonly signal?: AbortSignal | undefined;
    /** Its standard input; empty by default. */
    readonly input?: Readable;
}

/** Runs docker with the engine at this address. @throws {Error} with its words where it fails, or has been told to stop. */
export async function docker(engine: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { signal, input } = options;
    const { stdout } = await execa("docker", args, {
        env: { DOCKER_HOST: engine, DOCKER_CLI_HINTS: "false" },
        ...(signal !== undefined && { cancelSignal: signal }),
        ...(input === undefined ? { stdin: "ignore" } : { input }),
    });
    return stdout;
}

/** Runs a program in the first container of a service. */
export async function execIn(
    { engine, project }: Place,
    service: string,
    argv: readonly string[],
    signal?: AbortSignal,
): Promise<string> {
    return await docker(engine, ["exec", containerName({ project }, service, 1), ...argv], { signal });
}

/** A container of an experiment, whoever has made it. */
export interface FoundContainer {
    /** All of its digits. */
    readonly id: string;
    readonly name: string;
}

/** The containers of these services; of all by default. */
export async function containersOf(
    { engine, project }: Place,
    ...services: readonly string[]
): Promise<FoundContainer[]> {
    const filters = ["--filter", `label=com.docker.compose.project=${project}`];
    const format = '{{.ID}} {{.Names}} {{.Label "com.docker.compose.service"}}';
    const lines = (await docker(engine, ["ps", "-a", "--no-trunc", ...filters, "--format", format])).split("\n");
    return lines.flatMap((line) => {
        const [id = "", name = "", service = ""] = line.split(" ");
        if (id === "" || (services.length > 0 && !services.includes(service))) return [];
        return [{ id, name }];
    });
}

/** The id of the first container of a service, in a list; empty where there is none. Those of `docker compose run` are others. */
export async function firstContainer(place: Place, service: string): Promise<string[]> {
    const own = containerName(place, service, 1);
    return (await containersOf(place, service)).flatMap(({ id, name }) => (name === own ? [id] : []));
}
