import { z } from "zod";
import type { AppContainer } from "./appStatus.ts";

const container = z.object({
    Name: z.string(),
    RestartCount: z.number(),
    Config: z.object({ Labels: z.record(z.string(), z.string()) }),
    State: z.object({ Status: z.string(), StartedAt: z.string(), Health: z.object({ Status: z.string() }).optional() }),
});

/** Reads what `docker inspect` prints of containers; `memory` is bytes by container. */
export function readInspected(text: string, memory: ReadonlyMap<string, number>): AppContainer[] {
    return z
        .array(container)
        .parse(JSON.parse(text))
        .map(({ Name, RestartCount, Config, State }) => {
            const name = Name.replace(/^\//, "");
            const service = Config.Labels["com.docker.compose.service"] ?? "";
            const { Status: state, StartedAt, Health } = State;
            const since = StartedAt.replace(/\.\d+Z$/, "Z");
            const health = Health?.Status ?? "none";
            return { name, service, state, health, since, restarts: RestartCount, memory: memory.get(name) };
        })
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
