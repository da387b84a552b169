import type { TestServer } from "./testLab.ts";

/** Name of the web container of an app that Caddy passes requests on to. */
export async function servingWeb(server: TestServer, app: string): Promise<string> {
    const address = await server.run("cat", `/srv/dallinger/server/caddy/upstreams/${app}`);
    return address.replace(/:5000$/, "");
}

/** The app of examples/recall, seen from its server. */
export class AppOnServer {
    private readonly server: TestServer;

    constructor(server: TestServer) {
        this.server = server;
    }

    /** The rows that a query gives, in a database of the server: an app's is asked by the app's own role. */
    async query(sql: string, database = "app_recall"): Promise<readonly Record<string, unknown>[]> {
        const rows = `SELECT coalesce(json_agg(row_to_json(found)), '[]') FROM (${sql}) AS found`;
        const psql = `psql -X -q -At -v ON_ERROR_STOP=1 -d ${database}`;
        const asRole = (user: string, role: string) =>
            `docker exec -i -u ${user} dlgr-server-postgres ${psql} -U ${role}`;
        const asSuperuser = asRole("postgres", "postgres");
        if (!database.startsWith("app_")) return JSON.parse(await this.server.shell(asSuperuser, rows));
        // A server that a former release has prepared has no way in for an app's role.
        const isFormer = "[ ! -e /srv/dallinger/server/postgres/pg_ident.conf ]";
        const ask = `if ${isFormer}; then ${asSuperuser}; else ${asRole("nobody", database)}; fi`;
        return JSON.parse(await this.server.shell(ask, rows));
    }

    /** Name of the web container that Caddy passes requests on to. */
    async web(): Promise<string> {
        return await servingWeb(this.server, "recall");
    }

    /** Names of all web containers that run. */
    async webs(): Promise<string[]> {
        const filters = ["project=dlgr-app-recall", "service=web", "oneoff=False"];
        const labels = filters.flatMap((label) => ["--filter", `label=com.docker.compose.${label}`]);
        const names = await this.server.run("docker", "ps", ...labels, "--format", "{{.Names}}");
        return names.split("\n").filter((name) => name !== "");
    }

    /** Waits, looking from the server itself, until so many web containers run; for up to two minutes. */
    async atLeastWebs(number: number): Promise<void> {
        const look =
            "docker ps -q --filter label=com.docker.compose.project=dlgr-app-recall --filter label=com.docker.compose.service=web";
        const filter = "--filter label=com.docker.compose.oneoff=False";
        await this.server.shell(
            `for _ in $(seq 600); do [ "$(${look} ${filter} | wc -l)" -lt ${number} ] || exit 0; sleep 0.2; done; exit 1`,
        );
    }

    /** The log of the web container, from its beginning. */
    async webLog(): Promise<string> {
        return await this.server.shell(`docker logs ${await this.web()} 2>&1`);
    }

    /** Requests in the web's access log that were a POST of /launch. */
    async launches(): Promise<number> {
        return (await this.webLog()).split("\n").filter((line) => line.includes('"POST /launch ')).length;
    }

    /** Ids of the app's containers by the names of their services. */
    async containers(): Promise<Readonly<Record<string, string>>> {
        const format = '{{.Label "com.docker.compose.service"}} {{.ID}}';
        const filter = "label=com.docker.compose.project=dlgr-app-recall";
        const found = await this.server.run("docker", "ps", "-a", "--no-trunc", "--filter", filter, "--format", format);
        return Object.fromEntries(found.split("\n").map((line) => line.split(" ")));
    }
}
