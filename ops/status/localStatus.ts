import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { orMissing } from "../../components/local/orMissing.ts";
import { projectFolder } from "../../components/program/projectFolder.ts";
import { LOCAL_DATABASE } from "../../components/targets/local/localNames.ts";
import { localApps, localMemory } from "../localApps.ts";
import { Refusal } from "../refusal.ts";
import type { AppStatus } from "./appStatus.ts";
import { readInspected } from "./inspected.ts";
import { readCounts, readSummary } from "./participants.ts";

/**
 * How the app of a compose file is on this machine, by its engine and its files. There are no certificates, no disks but the machine's
 * own, and no backups before it ends. `composeFile` is relative to the project's folder.
 *
 * @throws {Refusal} when the engine does not answer, or has nothing of it.
 */
export async function localStatus(composeFile: string): Promise<AppStatus> {
    const project = basename(dirname(composeFile));
    const memory = await localMemory();
    const app = (await localApps(memory)).find(({ name }) => name === project);
    if (app === undefined)
        throw new Refusal(`the engine of this machine has no container of ${project}: run \`./pulumi up\``);
    const docker = async (...args: string[]) =>
        await execa("docker", args, { cwd: projectFolder, reject: false, stdin: "ignore" });
    const ids = (await docker("ps", "-aq", "--filter", `label=com.docker.compose.project=${project}`)).stdout;
    const inspected = await docker("inspect", ...ids.split("\n"));
    if (inspected.failed) throw new Refusal(inspected.stderr);
    const counted = await countInTables(composeFile);
    const said = await summaryOf(app.hosts[0]);
    return {
        ...app,
        ...(await launchOf(join(projectFolder, dirname(composeFile), "state"))),
        lastAnswer: answerIn(counted[0]),
        containers: readInspected(inspected.stdout, memory),
        participants: said ?? readCounts(counted.slice(1)) ?? "unknown",
    };
}

async function launchOf(state: string): Promise<Pick<AppStatus, "launched" | "launchBegun">> {
    const read = async (name: string) => await orMissing(readFile(join(state, name), "utf8"));
    const begun = (await read("launch-started"))?.replace(/\.\d+Z$/, "Z");
    if ((await read("launch.json")) !== undefined) return { launched: true, launchBegun: begun };
    return { launched: begun === undefined ? false : "unknown", launchBegun: begun };
}

/** What its web answers, within ten seconds. */
async function summaryOf(address: string | undefined): Promise<ReturnType<typeof readSummary>> {
    if (address === undefined) return undefined;
    try {
        const answer = await fetch(`http://${address}/summary`, { signal: AbortSignal.timeout(10_000) });
        const { summary } = z.object({ summary: z.unknown() }).parse(await answer.json());
        return answer.ok ? readSummary(JSON.stringify(summary)) : undefined;
    } catch {
        return undefined;
    }
}

/** In lines: when a participant has last answered, `at TIME`, how many there are, and that that is all; none where PostgreSQL does not answer. */
const TABLES = `SELECT 'at ' || coalesce(to_char(greatest((SELECT max(creation_time) FROM info), (SELECT max(creation_time) FROM question)), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '');
SELECT 'state ' || status::text || ' ' || count(*) FROM participant GROUP BY status;
SELECT 'end';`;

async function countInTables(composeFile: string): Promise<string[]> {
    const psql = ["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-U", LOCAL_DATABASE, "-d", LOCAL_DATABASE];
    const careful = ["-e", "PGOPTIONS=-c statement_timeout=5000 -c default_transaction_read_only=on"];
    const args = ["compose", "-f", composeFile, "exec", "-T", ...careful, "postgres", ...psql];
    const asked = await execa("docker", args, { cwd: projectFolder, input: TABLES, reject: false, timeout: 15_000 });
    return asked.failed ? [] : asked.stdout.split("\n");
}

function answerIn(line: string | undefined): string | null | undefined {
    const [, time] = /^at (|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(line ?? "") ?? [];
    return time === "" ? null : time;
}
