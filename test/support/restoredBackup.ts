import { AppOnServer } from "./appOnServer.ts";
import type { TestServer } from "./testLab.ts";

const database = "app_restored_by_a_test";

/** A backup's dump, restored into a database of its own on the server, as a role that owns only that; disposing it drops both. */
export async function restoreBackup(server: TestServer, backup: string): Promise<RestoredBackup & AsyncDisposable> {
    const psql = "docker exec -i -u postgres dlgr-server-postgres psql -X -q -v ON_ERROR_STOP=1";
    const restore = `docker exec -i -u nobody dlgr-server-postgres pg_restore -U ${database} -d ${database}`;
    const dump = `/srv/dallinger/backups/${backup}/database.dump`;
    await server.shell(psql, `CREATE ROLE ${database} LOGIN;\nCREATE DATABASE ${database} OWNER ${database};\n`);
    const drop = async () => {
        await server.shell(psql, `DROP DATABASE ${database};\nDROP ROLE ${database};\n`);
    };
    await server.shell(`${restore} --exit-on-error --no-owner --no-acl <${dump}`);
    const app = new AppOnServer(server);
    return { query: (sql) => app.query(sql, database), [Symbol.asyncDispose]: drop };
}

/** What a backup says when it is asked as a database. */
export interface RestoredBackup {
    query(sql: string): ReturnType<AppOnServer["query"]>;
}
