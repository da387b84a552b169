import type { Lab } from "../../../../lab/readLab.ts";
import type { TestServer } from "../../../support/testLab.ts";

/**
 * What the stack of a server says, in the keys that the former program knew: written out here, because stacks that exist do not
 * change with the program.
 */
export function formerServer(lab: Lab, server: TestServer): Readonly<Record<string, string>> {
    const { postgres = "", redis = "", pgbouncer = "", caddy = "" } = lab.images;
    return {
        "server.host": server.address,
        "server.user": server.user,
        "server.hostKey": server.hostKey,
        "server.tls.mode": "internal",
        "server.registryCa": lab.registryCa,
        "server.images.postgres": postgres,
        "server.images.redis": redis,
        "server.images.pgbouncer": pgbouncer,
        "server.images.caddy": caddy,
    };
}

/** The same for an app: `path` is its experiment's folder, relative to a checkout. */
export function formerApp(lab: Lab, app: string, path: string): Readonly<Record<string, string>> {
    return {
        "experiment.path": path,
        "experiment.name": app,
        "experiment.on.stack": "server",
        "experiment.image.repository": `${lab.registry.address}/takeover`,
        "experiment.image.base": lab.images.python ?? "",
        "settings.mode": "live",
        "settings.recruiter": "hotair",
        "settings.threads": "1",
        "settings.recall_words": "5",
    };
}
