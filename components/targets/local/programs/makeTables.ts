/**
 * The program that makes the tables of an experiment on this machine, as Dallinger's own command does: where its database is empty, and
 * where it is wanted once more, after its data has been saved.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ExecaError } from "execa";
import { orMissing } from "../../../local/orMissing.ts";
import { say } from "../../../local/say.ts";
import { shownOf, whileStarting } from "../containerStart.ts";
import { containersOf, docker, execIn, firstContainer } from "../engineCommand.ts";
import { LOCAL_FILES, START } from "../localFolder.ts";
import { LOCAL_DATABASE } from "../localNames.ts";
import { localRequest } from "../localRequest.ts";
import { saveData } from "../savedData.ts";
import { keepText } from "../writtenState.ts";

const request = localRequest.read(process.env);
const { engine, fresh } = request;
const state = resolve(request.folder, "state");
/** The container in which tables are made. */
const maker = `${request.project}-tables`;
/** Its status where nobody has told it to make any (templates/local/tables.py). */
const UNTOLD = 3;

try {
    await mkdir(state, { recursive: true, mode: 0o700 });
    // What the stack has said when the tables were made; nothing where it is the first time.
    const former = await orMissing(readFile(join(state, "fresh"), "utf8"));
    await endFormer();
    if (former === undefined) await makeFirstTables();
    else await makeMissingTables(former);
    if (former !== fresh) await keepText(state, "fresh", fresh);
} catch (error) {
    say(`The tables could not be made: ${await explain(error)}`);
    process.exitCode = 1;
}

/** What docker has said is the experiment's own. */
async function explain(error: unknown): Promise<string> {
    if (error instanceof ExecaError) {
        return await shownOf(request.folder, error.message).catch(() => error.shortMessage);
    }
    return error instanceof Error ? error.message : String(error);
}

/** Of a run that was killed it goes on, and begins by dropping all tables: perhaps when there are answers in them. */
async function endFormer(): Promise<void> {
    const former = (await containersOf(request)).filter(({ name }) => name === maker);
    if (former.length > 0) await docker(engine, ["rm", "-f", "-v", ...former.map(({ id }) => id)]);
}

/** By its address: while it makes itself, it only listens on a socket. */
async function waitForDatabase(over?: AbortSignal): Promise<void> {
    const ids = await firstContainer(request, "postgres");
    if (ids.length === 0) throw new Error("the container of PostgreSQL is not there: `up --refresh` brings it back");
    const ready = ["sh", "-c", "for i in $(seq 1800); do pg_isready -q -h 127.0.0.1 && exit; sleep 0.1; done; exit 1"];
    await whileStarting(request, ids, "PostgreSQL", async (end) => {
        const signal = over === undefined ? end : AbortSignal.any([end, over]);
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

/** Most of it is done before PostgreSQL is there, which takes as long to make itself. */
async function makeFirstTables(): Promise<void> {
    const word = new PassThrough();
    const over = new AbortController();
    const making = runMaker(word).finally(() => over.abort());
    const [made, told] = await Promise.allSettled([making, sayWhetherEmpty(word, over.signal)]);
    const isUntold = made.status === "rejected" && Object(made.reason).exitCode === UNTOLD;
    if (made.status === "rejected" && !isUntold) throw made.reason;
    if (told.status === "rejected") throw told.reason;
    if (told.value === isUntold) throw unheard();
}

function unheard(): Error {
    return new Error("the container that makes them ended before it was told to: run this again");
}

/** @returns whether it was told to make them. */
async function sayWhetherEmpty(word: PassThrough, over: AbortSignal): Promise<boolean> {
    try {
        await waitForDatabase(over);
        if (over.aborted) throw unheard();
        if (!(await isEmpty())) return false;
        word.write(await wordForMaker());
        return true;
    } finally {
        word.end();
    }
}

/** `former` is what the stack has said when the tables were made: another text wants them anew. */
async function makeMissingTables(former: string): Promise<void> {
    await waitForDatabase();
    if (former !== fresh) await removeData();
    if (await isEmpty()) await runMaker(Readable.from([await wordForMaker()]));
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
async function wordForMaker(): Promise<string> {
    say("making the tables");
    for (const mark of ["launch-started", "launch.json"]) await rm(join(state, mark), { force: true });
    return "make\n";
}

/** In a container of its own: those of the processes may be on their way. By its name there is one at a time. */
async function runMaker(input: Readable): Promise<void> {
    const compose = ["compose", "-f", join(request.folder, LOCAL_FILES.compose)];
    const run = [...compose, "run", "--rm", "--name", maker, "--no-deps", "-T", "worker"];
    await docker(engine, [...run, ...START, "--tables"], { input });
}
