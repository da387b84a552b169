import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestServer } from "../../../support/testLab.ts";

/** Files of a backup that the attack's tables become, and lines of its list of rows. */
const rows: Readonly<Record<string, number>> = {
    "%24%28touch%20%2Ftmp%2Fclimbed%29": 0,
    "%27%3B%20%5C%21%20touch%20%2Ftmp%2Fclimbed": 0,
    "%2E%2E%2F%2E%2E%2F%2E%2E%2F%2E%2E%2F%2E%2E%2F%2E%2E%2Ftmp%2Fclimbed": 0,
    "%7C%20touch%20%2Ftmp%2Fclimbed%0A%5C%21%20touch%20%2Ftmp%2Fclimbed%0Aparticipant%2099": 1,
    climbing: 2,
};

/** The experiment `recall` turns on the PostgreSQL that it shares, by the way that it has to its database. */
export async function attack(server: TestServer): Promise<void> {
    const statements = await readFile(join(import.meta.dirname, "attack.sql"), "utf8");
    const psql =
        'PGPASSWORD=$DB_PASSWORD psql -X -q -v ON_ERROR_STOP=1 -h dlgr-server-postgres -U "$DB_USER" -d "$DB_NAME"';
    await server.shell(`docker exec -i dlgr-app-recall-pgbouncer-1 sh -c '${psql}'`, statements);
}

/** Nobody has become more than they were, and no name of a table has become a command or a path. */
export async function hasGotNowhere(server: TestServer): Promise<void> {
    const superusers = "SELECT rolname FROM pg_roles WHERE rolsuper OR rolcreaterole OR rolname = 'climbed'";
    const psql = ["docker", "exec", "-u", "postgres", "dlgr-server-postgres", "psql", "-X", "-At"];
    assert.equal(await server.run(...psql, "-c", superusers), "postgres");
    const made = "find / -xdev -name 'climbed*' -not -path '/proc/*' 2>/dev/null || :";
    assert.equal(await server.shell(made), "");
    assert.equal(await server.run("docker", "exec", "dlgr-server-postgres", "sh", "-c", made), "");
}

/** The tables of the attack are in a backup like any other, each under a name that is one word and one file. */
export async function isSaved(server: TestServer, backup: string): Promise<void> {
    const folder = `/srv/dallinger/backups/${backup}`;
    const listed = (await server.run("cat", `${folder}/rows`)).split("\n").filter((line) => /climb/.test(line));
    const expected = Object.entries(rows).map(([name, number]) => `${name} ${number}`);
    assert.deepEqual(listed.toSorted(), expected.toSorted());
    const files = (await server.shell(`cd ${folder}/tables && ls`)).split("\n").filter((name) => /climb/.test(name));
    assert.deepEqual(
        files.toSorted(),
        Object.keys(rows)
            .map((name) => `${name}.csv`)
            .toSorted(),
    );
}
