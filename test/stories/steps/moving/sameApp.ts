import { AppOnServer } from "../../../support/appOnServer.ts";
import type { TestServer } from "../../../support/testLab.ts";
import type { Ground, Place } from "./ground.ts";

const tables = ["participant", "node", "info", "question", "network", "notification", "vector", "transmission"];
const secrets = ["id", "FLASK_SECRET_KEY", "DATABASE_URL", "dashboard_password"];

/** Every row of an app's database, by its table. */
export async function everyRow(app: Pick<AppOnServer, "query">): Promise<Readonly<Record<string, unknown>>> {
    const rows = tables.map(async (table) => [table, await app.query(`SELECT * FROM ${table} ORDER BY id`)] as const);
    return Object.fromEntries(await Promise.all(rows));
}

/** What makes an app the same one, wherever it is: its id, keys and passwords, every row and file, Redis, and its launch. */
export async function identityOf(
    { stack }: Pick<Ground, "stack">,
    { server }: Pick<Place, "server">,
): Promise<unknown> {
    const app = new AppOnServer(server);
    const outputs = await stack.stack.outputs();
    const shown = ["dashboardUser", "dashboardPassword", "recruitment"].map((name) => outputs[name]?.value);
    return {
        shown,
        environment: await environmentOf(server, await app.web()),
        rows: await everyRow(app),
        files: await server.shell(
            "cd /var/lib/dallinger/recall && find . -printf '%P %y %m %U:%G\\n' | sort && cat note notes/deep",
        ),
        redis: await server.run("docker", "exec", "dlgr-app-recall-redis-1", "redis-cli", "GET", "kept"),
        launch: await server.shell("cd /srv/dallinger/apps/recall && cat launch-started launch.json"),
    };
}

/** The experiment saves files, and something is in Redis that no worker takes out. */
export async function leaveTraces({ server }: Pick<Place, "server">): Promise<void> {
    const web = await new AppOnServer(server).web();
    const save =
        "cd /var/lib/dallinger && echo kept >note && mkdir -m 750 notes && echo deep >notes/deep && chmod 600 note";
    await server.run("docker", "exec", web, "sh", "-c", save);
    await server.run("docker", "exec", "dlgr-app-recall-redis-1", "redis-cli", "SET", "kept", "a study's id");
}

async function environmentOf(server: TestServer, web: string): Promise<string[]> {
    const lines = (await server.run("docker", "exec", web, "env")).split("\n");
    return lines.filter((line) => secrets.some((name) => line.startsWith(`${name}=`))).toSorted();
}
