/**
 * The program that makes the tables of an experiment on this machine, as Dallinger's own command does: where its database is empty, and
 * where it is wanted once more, after its data has been saved.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "../../../local/say.ts";
import { whileStarting } from "../containerStart.ts";
import { containersOf, docker, execIn, firstContainer } from "../engineCommand.ts";
import { localRequest } from "../localRequest.ts";
import { LOCAL_DATABASE, LOCAL_FILES, START } from "../localServices.ts";
import { saveData } from "../savedData.ts";

const request = localRequest.read(process.env);
const { engine, fresh } = request;
const state = resolve(request.folder, "state");
/** The container in which tables are made. */
const maker = `${request.project}-tables`;

try {
    await mkdir(state, { recursive: true, mode: 0o700 });
    await Promise.all([endFormer(), waitForDatabase()]);
    if (await isWantedAnew()) await removeData();
    if (await isEmpty()) await makeTables();
    await writeFile(join(state, "fresh"), fresh, { mode: 0o600 });
} catch (error) {
    say(`The tables could not be made: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
}

/** Of a run that was killed it goes on, and begins by dropping all tables: perhaps when there are answers in them. */
async function endFormer(): Promise<void> {
    const former = (await containersOf(request)).filter(({ name }) => name === maker);
    if (former.length > 0) await docker(engine, ["rm", "-f", "-v", ...former.map(({ id }) => id)]);
}

/** By its address: while it makes itself, it only listens on a socket. */
async function waitForDatabase(): Promise<void> {
    const ids = await firstContainer(request, "postgres");
    if (ids.length === 0) throw new Error("the container of PostgreSQL is not there: `up --refresh` brings it back");
    const ready = ["sh", "-c", "for i in $(seq 1800); do pg_isready -q -h 127.0.0.1 && exit; sleep 0.1; done; exit 1"];
    await whileStarting(request, ids, "PostgreSQL", async (signal) => {
        while (!signal.aborted) {
            const isReady = await execIn(request, "postgres", ready, signal).then(
                () => true,
                () => false,
            );
            if (isReady) return;
            // Its container has ended, or begins anew.
            await sleep(500);
        }
    });
}

/** Whether the stack says another text than when the tables were made. */
async function isWantedAnew(): Promise<boolean> {
    const former = await readFile(join(state, "fresh"), "utf8").catch(() => fresh);
    return former !== fresh;
}

async function removeData(): Promise<void> {
    const processes = (await containersOf(request, "web", "worker", "clock")).map(({ id }) => id);
    try {
        await docker(engine, ["stop", ...processes]);
        if (request.save) {
            say("saving the database, files, Redis and logs before the experiment begins once more");
            say(`the data is saved in ${relative(process.cwd(), await saveData(request, new Date()))}`);
        }
        await psql(`DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION ${LOCAL_DATABASE};`);
        await execIn(request, "redis", ["redis-cli", "FLUSHALL"]);
    } finally {
        await docker(engine, ["start", ...processes]);
    }
}

async function isEmpty(): Promise<boolean> {
    return (await psql("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")).trim() === "0";
}

async function psql(text: string): Promise<string> {
    return await execIn(request, "postgres", ["psql", "-U", LOCAL_DATABASE, "-d", LOCAL_DATABASE, "-At", "-c", text]);
}

/** What was launched before had other tables. */
async function makeTables(): Promise<void> {
    say("making the tables");
    for (const mark of ["launch-started", "launch.json"]) await rm(join(state, mark), { force: true });
    // In a container of its own: those of the processes may be on their way. By its name there is one at a time.
    const compose = ["compose", "-f", join(request.folder, LOCAL_FILES.compose)];
    const run = [...compose, "run", "--rm", "--name", maker, "--no-deps", "-T", "worker"];
    await docker(engine, [...run, ...START, "dallinger-housekeeper", "initdb"]);
}
