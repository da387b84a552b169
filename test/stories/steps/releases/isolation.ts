import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppOnServer } from "../../../support/appOnServer.ts";
import type { Ground, SharedGround } from "./ground.ts";

/** Ports that something of an app listens at, by service. */
const ports: Readonly<Record<string, number>> = { web: 5000, redis: 6379, pgbouncer: 5432 };

/** What is of an app is reached by that app, by no other one: neither by name nor by address; nor are its files. */
export async function reachesNoOther(ground: SharedGround): Promise<void> {
    const { server, app } = ground;
    const [own, foreign] = [await addresses(ground, "recall"), await addresses(ground, "other")];
    const script = await readFile(join(import.meta.dirname, "reach.py"), "utf8");
    const postgres = "dlgr-server-postgres:5432";
    const containers = await app.containers();
    for (const service of ["web", "worker", "clock"]) {
        const container = containers[service] ?? assert.fail(service);
        const tried = [...own, ...foreign, postgres];
        const reached = await server.run("docker", "exec", container, "python3", "-c", script, ...tried);
        assert.deepEqual(reached.split("\n").filter(Boolean).toSorted(), own.toSorted(), service);
    }
    const mounts = '{{range .Mounts}}{{if eq .Type "bind"}}{{println .Source}}{{end}}{{end}}';
    const folders = await server.run("docker", "inspect", "--format", mounts, await app.web());
    assert.deepEqual(folders.split("\n").filter(Boolean), ["/var/lib/dallinger/recall"]);
    await refusesPassword(ground);
    await refusesForeignDatabases(ground);
}

/** The names and the addresses of an app's services. */
async function addresses({ server }: Ground, app: string): Promise<string[]> {
    const filter = `label=com.docker.compose.project=dlgr-app-${app}`;
    const ids = (await server.run("docker", "ps", "-q", "--filter", filter)).split("\n");
    const format =
        '{{index .Config.Labels "com.docker.compose.service"}}{{range .NetworkSettings.Networks}} {{.IPAddress}}{{end}}';
    const found = (await server.run("docker", "inspect", "--format", format, ...ids)).split("\n");
    return found.flatMap((line) => {
        const [service = "", ...ips] = line.split(" ");
        const port = ports[service];
        if (port === undefined) return [];
        // Of pgbouncer's two networks an app is in one.
        const near = service === "pgbouncer" ? [] : ips;
        return [`dlgr-app-${app}-${service}`, ...near].map((host) => `${host}:${port}`);
    });
}

/** Databases that are nobody's are open to no app, even if it found a way in. */
async function refusesForeignDatabases({ server }: Ground): Promise<void> {
    const ask =
        "SELECT datname FROM pg_database WHERE has_database_privilege('app_recall', datname, 'CONNECT') AND datallowconn";
    assert.deepEqual(await new AppOnServer(server).query(ask, "postgres"), [{ datname: "app_recall" }]);
}

/** PostgreSQL lets a role with its own right password into its own database only. */
async function refusesPassword({ server }: Ground): Promise<void> {
    const ask = 'PGPASSWORD=$DB_PASSWORD psql -At -h dlgr-server-postgres -U "$DB_USER" -d "$0" -c "SELECT 1"';
    const connect = (database: string) =>
        server.run("docker", "exec", "dlgr-app-recall-pgbouncer-1", "sh", "-c", ask, database);
    assert.equal(await connect("app_recall"), "1");
    await assert.rejects(
        connect("app_other"),
        /no pg_hba.conf entry for host \S+ user "app_recall", database "app_other"/,
    );
}
