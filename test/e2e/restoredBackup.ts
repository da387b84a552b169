import { AppOnServer } from "./appOnServer.ts";
import type { TestServer } from "./testLab.ts";

const database = "restored_by_a_test";

/** A backup's dump, restored into a database of its own on the server; disposing it drops that. */
export async function restoreBackup(server: TestServer, backup: string): Promise<RestoredBackup & AsyncDisposable> {
    const postgres = "docker exec -i -u postgres dlgr-server-postgres";
    const dump = `/srv/dallinger/backups/${backup}/database.dump`;
    await server.shell(`${postgres} createdb ${database}`);
    const drop = async () => {
        await server.shell(`${postgres} dropdb ${database}`);
    };
    await server.shell(`${postgres} pg_restore --exit-on-error --no-owner --no-acl -d ${database} <${dump}`);
    const app = new AppOnServer(server);
    return { query: (sql) => app.query(sql, database), [Symbol.asyncDispose]: drop };
}

/** What a backup says when it is asked as a database. */
export interface RestoredBackup {
    query(sql: string): ReturnType<AppOnServer["query"]>;
}
