import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

const service = z.looseObject({
    command: z.union([z.string(), z.array(z.string())]).optional(),
    environment: z.record(z.string(), z.string()).optional(),
    volumes: z.array(z.string()).optional(),
    healthcheck: z.looseObject({}).optional(),
});
const compose = z.looseObject({ services: z.record(z.string(), service) });

type Service = z.infer<typeof service>;

/** How often Docker asks for health at the start: nobody else does, so as on a server. */
const PACES: Readonly<Record<string, string>> = { web: "1s", worker: "2s" };
const PACE = "500ms";

/**
 * Makes of the compose file that the program has written one that a careful person would write: the same images, settings, health and
 * limits; volumes, network and secrets in compose's own ways; and no edits followed.
 */
export async function writeHandFile(folder: string, composeFile: string, port: number, file: string): Promise<void> {
    const { services } = compose.parse(parse(await readFile(join(folder, composeFile), "utf8")));
    const secrets = z
        .record(z.string(), z.string())
        .parse(JSON.parse(await readFile(join(folder, composeFile, "../secrets/app.json"), "utf8")));
    const password = await readFile(join(folder, composeFile, "../secrets/database-password"), "utf8");
    const own = Object.entries(services).map(([name, said]) => {
        const found = withPace(name, said);
        if (name === "postgres") return [name, postgres(found, password)] as const;
        return [name, name === "redis" ? found : processOf(name, found, secrets, port)] as const;
    });
    const file_ = {
        name: "by-hand",
        services: Object.fromEntries(own),
        networks: { app: {} },
        volumes: { redis: {}, postgres: {} },
    };
    await writeFile(file, stringify(file_));
}

function withPace(name: string, { healthcheck, ...found }: Service): Service {
    if (healthcheck === undefined) return found;
    return { ...found, healthcheck: { ...healthcheck, start_interval: PACES[name] ?? PACE } };
}

function postgres({ entrypoint: _, volumes, ...found }: Service & { entrypoint?: unknown }, password: string) {
    const environment = { ...found.environment, POSTGRES_PASSWORD: password };
    return { ...found, environment, volumes: (volumes ?? []).filter((volume) => volume.startsWith("postgres:")) };
}

function processOf(name: string, { volumes: _, ...found }: Service, secrets: Record<string, string>, port: number) {
    const { user: __, ports: ___, cpu_shares: ____, ...rest } = found;
    const command = [found.command ?? []].flat().at(-1);
    const environment = { ...found.environment, ...secrets };
    return { ...rest, command, environment, ...(name === "web" && { ports: [`127.0.0.1:${port}:5000`] }) };
}
