import assert from "node:assert/strict";
import { AppOnServer } from "../../../support/appOnServer.ts";
import type { TestServer } from "../../../support/testLab.ts";
import { pulumi } from "../interruptions/command.ts";
import type { Ground } from "./ground.ts";
import { until } from "./until.ts";

const inPostgres = "docker exec -i -u root dlgr-server-postgres";
const pgRestore = "/usr/local/sbin/pg_restore";
const docker = "/usr/local/sbin/docker";

/** In front of the real pg_restore: the last bytes of the dump do not come, so that its transaction stays open. */
const withoutEnd = (size: number) => `#!/bin/sh
PATH=\${PATH#/usr/local/sbin:}
{ head -c ${size - 100}; sleep 900; } | pg_restore "$@"
`;

/** In front of the server's docker: what puts the dump into Redis' volume never gets to it. */
const withoutRun = `#!/bin/sh
case "$*" in "run --rm -i --pull never "*) : >/run/at-redis && exec sleep 900 ;; esac
exec /usr/bin/docker "$@"
`;

/** The script and its docker are killed while the database is being restored; pg_restore may go on waiting in its container. */
export async function killedAtDatabase({ operator, to: { server } }: Ground, backup: string): Promise<void> {
    const app = new AppOnServer(server);
    const size = Number(await server.shell(`stat -c %s /srv/dallinger/backups/${backup}/database.dump`));
    await server.shell(`${inPostgres} sh -c 'cat >${pgRestore} && chmod 755 ${pgRestore}'`, withoutEnd(size));
    const up = pulumi(operator, "recall", "up");
    const sessions = "SELECT pid FROM pg_stat_activity WHERE datname = 'app_recall' AND query LIKE 'COPY %'";
    await until(async () => (await app.query(sessions, "postgres")).length > 0, "a restore to begin");
    await kill(server, "/bin/sh /srv/dallinger/apps/recall/bin/app database");
    await kill(server, "docker exec -i -u nobody .* dlgr-server-postgres pg_restore");
    const { succeeded, printed } = await up;
    assert.ok(!succeeded, printed);
    await server.shell(`${inPostgres} rm ${pgRestore}`);
    assert.deepEqual(await app.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), []);
}

/** The script is killed when the database is there and Redis is not. */
export async function killedAtRedis({ operator, to: { server } }: Ground): Promise<void> {
    await server.shell(`cat >${docker} && chmod 755 ${docker}`, withoutRun);
    const up = pulumi(operator, "recall", "up");
    const isThere = async () => (await server.shell("ls /run/at-redis 2>/dev/null || :")) !== "";
    await until(isThere, "Redis to be restored");
    await kill(server, "/bin/sh /srv/dallinger/apps/recall/bin/app release");
    await kill(server, "sleep 900");
    const { succeeded, printed } = await up;
    assert.ok(!succeeded, printed);
    await server.run("rm", docker, "/run/at-redis");
}

async function kill(server: TestServer, commandLine: string): Promise<void> {
    await server.shell(`pkill -KILL -f '^${commandLine}' || :`); // it may have ended with the other one
}
