import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { create } from "tar";
import { orMissing } from "../../local/orMissing.ts";
import { docker, execIn } from "./engineCommand.ts";
import { LOCAL_FILES } from "./localFolder.ts";
import { containerName, LOCAL_DATABASE } from "./localNames.ts";
import type { LocalRequest } from "./localRequest.ts";

/** Database in which a dump is read back. */
const SCRATCH = "dallinger_check";

/**
 * Saves an experiment whose processes have stopped: its database as a dump and each table as CSV, its files, Redis, logs, and what is
 * known of the launch, with their checksums, as a server's backup has them (docs/operating.md).
 *
 * The dump is restored and compared, table by table, before the folder has its name.
 *
 * @returns the folder, absolute.
 */
export async function saveData(request: LocalRequest, at: Date): Promise<string> {
    const shelf = resolve("backups", request.project);
    const name = at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
    const staging = join(shelf, ".incomplete");
    await rm(staging, { recursive: true, force: true });
    for (const folder of ["tables", "logs", "redis"]) {
        await mkdir(join(staging, folder), { recursive: true, mode: 0o700 });
    }
    await saveDatabase(request, staging);
    await create(
        { file: join(staging, "files.tar"), cwd: resolve(request.folder, LOCAL_FILES.files), portable: false },
        ["."],
    );
    await saveRedis(request, staging);
    await saveLogs(request, staging);
    await saveRecords(request, staging);
    await writeFile(join(staging, "SHA256SUMS"), await checksums(staging), { mode: 0o600 });
    await rename(staging, join(shelf, name));
    // What is saved is dropped next.
    await execa("sync");
    return join(shelf, name);
}

async function saveDatabase(request: LocalRequest, staging: string): Promise<void> {
    const dump = join(staging, "database.dump");
    const run = async (argv: readonly string[], streams: { inputFile?: string; stdout?: { file: string } } = {}) =>
        await execa("docker", ["exec", "-i", containerName(request, "postgres", 1), ...argv], {
            env: { DOCKER_HOST: request.engine },
            ...streams,
        });
    // It may have been started just now.
    await run(["sh", "-c", "for i in $(seq 60); do pg_isready -q -h 127.0.0.1 && exit; sleep 1; done; exit 1"]);
    await run(["pg_dump", "-U", LOCAL_DATABASE, "-Fc", LOCAL_DATABASE], { stdout: { file: dump } });
    await run(["dropdb", "-U", LOCAL_DATABASE, "--if-exists", SCRATCH]);
    await run(["createdb", "-U", LOCAL_DATABASE, SCRATCH]);
    try {
        await run(["pg_restore", "-U", LOCAL_DATABASE, "--exit-on-error", "-d", SCRATCH], { inputFile: dump });
        for (const table of await tablesOf(request)) {
            const [csv, again] = [join(staging, "tables", `${table}.csv`), join(staging, "restored.csv")];
            await run(copyOf(LOCAL_DATABASE, table), { stdout: { file: csv } });
            await run(copyOf(SCRATCH, table), { stdout: { file: again } });
            if ((await sha256(csv)) !== (await sha256(again)))
                throw new Error(`the dump, restored, has another table ${table}`);
            await rm(again);
        }
    } finally {
        await run(["dropdb", "-U", LOCAL_DATABASE, "--if-exists", SCRATCH]);
    }
}

async function tablesOf(request: LocalRequest): Promise<string[]> {
    const query = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'public' ORDER BY tablename";
    const stdout = await execIn(request, "postgres", [
        "psql",
        "-U",
        LOCAL_DATABASE,
        "-d",
        LOCAL_DATABASE,
        "-At",
        "-c",
        query,
    ]);
    const tables = stdout.split("\n").filter((table) => table !== "");
    const odd = tables.find((table) => !/^[A-Za-z0-9_]+$/.test(table));
    if (odd !== undefined) throw new Error(`the table ${JSON.stringify(odd)} has a name that is no name of a file`);
    return tables;
}

function copyOf(database: string, table: string): string[] {
    return ["psql", "-U", LOCAL_DATABASE, "-d", database, "-c", `COPY public."${table}" TO STDOUT WITH CSV HEADER`];
}

async function saveRedis(request: LocalRequest, staging: string): Promise<void> {
    await execIn(request, "redis", ["redis-cli", "SAVE"]);
    await docker(request.engine, ["cp", "-q", `${containerName(request, "redis", 1)}:/data/.`, join(staging, "redis")]);
}

async function saveLogs({ engine, project }: LocalRequest, staging: string): Promise<void> {
    const filter = `label=com.docker.compose.project=${project}`;
    const names = (await docker(engine, ["ps", "-a", "--filter", filter, "--format", "{{.Names}}"])).split("\n");
    for (const name of names.filter((text) => text !== "")) {
        const file = join(staging, "logs", `${name.slice(project.length + 1)}.log`);
        const all = { env: { DOCKER_HOST: engine }, stdout: { file }, stderr: { file } };
        await execa("docker", ["logs", "--timestamps", name], all);
    }
}

async function saveRecords({ folder }: LocalRequest, staging: string): Promise<void> {
    const records = [LOCAL_FILES.compose, "state/launch-started", "state/launch.json"].map((path) =>
        resolve(folder, path),
    );
    for (const record of records) {
        const name = relative(resolve(folder), record).replace("state/", "");
        if (await isThere(record)) await copyFile(record, join(staging, name));
    }
}

async function isThere(file: string): Promise<boolean> {
    return (await orMissing(stat(file))) !== undefined;
}

async function checksums(folder: string): Promise<string> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = found
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    const lines = await Promise.all(
        files.toSorted().map(async (file) => `${await sha256(join(folder, file))}  ./${file}\n`),
    );
    return lines.join("");
}

async function sha256(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
}
