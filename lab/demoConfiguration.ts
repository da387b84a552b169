import type { Lab } from "./readLab.ts";

/** The demo's configuration, as arguments of `pulumi config set-all --path`: a server of the lab, and the example on it. */
export function demoConfiguration(lab: Lab): string[] {
    const [server] = lab.servers;
    if (server === undefined) throw new Error("the lab has no server");
    const { postgres, redis, pgbouncer, caddy, python } = lab.images;
    const plain = {
        "server.host": server.address,
        "server.user": server.user,
        "server.hostKey": server.hostKey,
        "server.tls.mode": "internal",
        "server.registryCa": lab.registryCa,
        "server.images.postgres": postgres,
        "server.images.redis": redis,
        "server.images.pgbouncer": pgbouncer,
        "server.images.caddy": caddy,
        "experiment.path": "examples/recall",
        "experiment.name": "recall",
        "experiment.image.repository": `${lab.registry.address}/recall`,
        // The engine of the lab has a base by this name, which is not always the one that our Dockerfile pins.
        "experiment.image.base": python,
        "settings.mode": "live",
        "settings.recruiter": "hotair",
        "settings.threads": "1",
    };
    return Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `dallinger:${key}=${value}`]);
}
