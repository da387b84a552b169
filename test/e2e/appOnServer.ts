import type { TestServer } from "./testLab.ts";

/** The app of examples/recall, seen from its server. */
export class AppOnServer {
    private readonly server: TestServer;

    constructor(server: TestServer) {
        this.server = server;
    }

    /** The rows that a query gives, in a database of the server. */
    async query(sql: string, database = "app_recall"): Promise<readonly Record<string, unknown>[]> {
        const rows = `SELECT coalesce(json_agg(row_to_json(found)), '[]') FROM (${sql}) AS found`;
        const psql = ["docker", "exec", "-u", "postgres", "dlgr-server-postgres", "psql", "-X", "-At", "-d", database];
        return JSON.parse(await this.server.run(...psql, "-c", rows));
    }

    /** The log of the web container, from its beginning. */
    async webLog(): Promise<string> {
        return await this.server.shell("docker logs dlgr-app-recall-web-1 2>&1");
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
