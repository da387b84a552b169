import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { z } from "zod";
import { hiddenTexts } from "../../app/hiddenTexts.ts";
import { APP_DEFAULTS } from "../../configuration/experiment/appDefaults.ts";
import { say } from "../../local/say.ts";
import { docker } from "./engineCommand.ts";
import { LOCAL_FILES } from "./localFolder.ts";
import { BROWSER } from "./localNames.ts";
import type { LocalRequest } from "./localRequest.ts";

/** Milliseconds between two looks at containers. */
const PACE = 500;
/** The same, to see whether there is hope for them. */
const PACE_OF_HOPE = 2000;
/** Milliseconds that an answer may take, as Docker waits for it. */
const PROBE_TIMEOUT = 5000;
/** Seconds after which it is said what is waited for. */
const PATIENCE = 15;
/** How often a process may end and be started again before nobody waits for it any more. */
const ENDS = 3;
/** Docker's words for what it does not start again of its own accord. */
const HAS_ENDED: ReadonlySet<string> = new Set(["exited", "dead"]);
/** Services for which this program has no probe: what an image brings means something else. */
const UNASKED: ReadonlySet<string> = new Set(["clock", BROWSER]);
/** Lines of its log that are shown of a container that is not well. */
const LINES = 25;

type Place = Pick<LocalRequest, "engine" | "folder">;

/** How a container is. */
interface Condition {
    readonly id: string;
    readonly name: string;
    /** Docker's word: `running`, `restarting`, `exited`, … */
    readonly status: string;
    /** Docker's word: `healthy`, `starting`, `unhealthy`; none where nobody asks. */
    readonly health?: string | undefined;
    /** Of the compose file. */
    readonly service: string;
    /** How Docker asks for its health: a program of the container's. */
    readonly probe?: readonly string[] | undefined;
    /** How often it has been started again since it was made. */
    readonly restarts: number;
}

const inspected = z.array(
    z.object({
        Id: z.string(),
        Name: z.string(),
        RestartCount: z.number(),
        Config: z.object({
            Labels: z.record(z.string(), z.string()),
            Healthcheck: z.object({ Test: z.array(z.string()).optional() }).optional(),
        }),
        State: z.object({ Status: z.string(), Health: z.object({ Status: z.string() }).optional() }),
    }),
);

/**
 * Waits until these containers run and are healthy, where they can be asked; says now and then what it waits for. Those that somebody
 * has stopped before stay so.
 *
 * @throws {Error} where one ends again and again, or is not well in `seconds`; with the last lines of its log, without secrets.
 */
export async function waitUntilHealthy(place: Place, ids: readonly string[]): Promise<void> {
    const before = await conditions(place, ids);
    const hasEnded = before.some(({ status }) => HAS_ENDED.has(status));
    if (hasEnded) await sleep(PACE);
    const stopped = hasEnded ? (await conditions(place, ids)).filter((one) => staysEnded(one, before)) : [];
    const awaited = ids.filter((id) => stopped.every((one) => one.id !== id));
    await whileStarting(place, awaited, "the containers", async (signal) => {
        while (!signal.aborted) {
            const all = await conditions(place, awaited);
            const answers = all.map(async (one) => isWell(one) || (await answersProbe(place, one, signal)));
            if ((await Promise.all(answers)).every(Boolean)) return;
            await sleep(PACE);
        }
    });
}

/**
 * Does something that comes to its end once these containers are there, as long as there is hope for that. `what` is waited for, in
 * words.
 *
 * @throws {Error} as {@link waitUntilHealthy}; `work` is told to stop then.
 */
export async function whileStarting<T>(
    place: Place,
    ids: readonly string[],
    what: string,
    work: (signal: AbortSignal) => Promise<T>,
    seconds: number = APP_DEFAULTS.healthyWithin,
): Promise<T> {
    const over = new AbortController();
    try {
        return await Promise.race([work(over.signal), loseHope(place, ids, what, seconds, over.signal)]);
    } finally {
        over.abort();
    }
}

/** Only ends by an error, or when it is told to. */
async function loseHope(
    place: Place,
    ids: readonly string[],
    what: string,
    seconds: number,
    signal: AbortSignal,
): Promise<never> {
    const began = Date.now();
    let first: readonly Condition[] | undefined;
    let previous: readonly Condition[] = [];
    let said = 0;
    while (true) {
        await sleep(PACE_OF_HOPE, undefined, { signal });
        const all = await conditions(place, ids);
        first ??= all;
        const waited = Math.round((Date.now() - began) / 1000);
        const ill = all.filter((one) => !isWell(one));
        const stopped = ill.filter((one) => staysEnded(one, previous));
        previous = all;
        if (stopped.length > 0) throw await explain(place, stopped, "is stopped: `up --refresh` starts it");
        const ending = ill.filter((one) => endsAgainAndAgain(one, first));
        if (ending.length > 0) throw await explain(place, ending, "ends again and again");
        if (waited >= seconds && ill.length > 0) throw await explain(place, ill, `is not healthy after ${waited} s`);
        if (waited >= seconds) throw new Error(`waited ${waited} s for ${what}, although its container is well`);
        if (waited < said + PATIENCE) continue;
        said = waited;
        const words = ill.map(({ name, status, health = "" }) => `${name} is ${status} ${health}`.trim());
        say(`waiting for ${what} for ${waited} s${words.map((one) => `; ${one}`).join("")}`);
    }
}

/** What ends again and again has ended for a moment, too, until Docker starts it again. */
function staysEnded({ id, status, restarts }: Condition, before: readonly Condition[]): boolean {
    const was = before.find((one) => one.id === id);
    return was !== undefined && [status, was.status].every((one) => HAS_ENDED.has(one)) && was.restarts === restarts;
}

function endsAgainAndAgain({ id, restarts }: Condition, before: readonly Condition[] = []): boolean {
    return restarts - (before.find((one) => one.id === id)?.restarts ?? 0) >= ENDS;
}

function isWell({ service, status, health = "healthy" }: Condition): boolean {
    return status === "running" && (health === "healthy" || UNASKED.has(service));
}

/** Asked as Docker would ask it, which waits five seconds between its questions. */
async function answersProbe(
    { engine }: Place,
    { id, status, health, probe }: Condition,
    signal: AbortSignal,
): Promise<boolean> {
    if (status !== "running" || health !== "starting" || probe === undefined) return false;
    // What it asks is the experiment's own, and may never end.
    const soon = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT)]);
    return await docker(engine, ["exec", id, ...probe], { signal: soon }).then(
        () => true,
        () => false,
    );
}

async function conditions({ engine }: Place, ids: readonly string[]): Promise<Condition[]> {
    if (ids.length === 0) return [];
    return inspected.parse(JSON.parse(await docker(engine, ["container", "inspect", ...ids]))).map((one) => ({
        ...{ id: one.Id, name: one.Name.replace("/", ""), restarts: one.RestartCount },
        ...{ service: one.Config.Labels["com.docker.compose.service"] ?? "", status: one.State.Status },
        health: one.State.Health?.Status,
        probe: probeOf(one.Config.Healthcheck?.Test),
    }));
}

/** Of the two notations that Docker has, ours is the one without a shell. */
function probeOf([kind, ...argv]: readonly string[] = []): readonly string[] | undefined {
    return kind === "CMD" ? argv : undefined;
}

async function explain(place: Place, ill: readonly Condition[], what: string): Promise<Error> {
    const texts = ill.map(async ({ id, name }) => `${name} ${what}; its last lines:\n${await lastLines(place, id)}`);
    return new Error((await Promise.all(texts)).join("\n"));
}

async function lastLines({ engine, folder }: Place, id: string): Promise<string> {
    const env = { DOCKER_HOST: engine, DOCKER_CLI_HINTS: "false" };
    const { all } = await execa("docker", ["logs", "--tail", String(LINES), id], { env, reject: false, all: true });
    return await shownOf(folder, all ?? "");
}

/**
 * The last lines of what the experiment's code has said, without the secrets that it has been given, and without what a terminal would
 * take for a command.
 */
export async function shownOf(folder: string, said: string): Promise<string> {
    const secrets = await secretsOf(folder);
    const text = withoutControls(said.trimEnd().split("\n").slice(-LINES).join("\n"));
    return secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text);
}

function withoutControls(text: string): string {
    return text.replaceAll(/[^\P{Cc}\n\t]/gu, "");
}

async function secretsOf(folder: string): Promise<string[]> {
    const app = JSON.parse(await readFile(resolve(folder, LOCAL_FILES.secrets), "utf8"));
    const values = Object.values(z.record(z.string(), z.string()).parse(app));
    const password = await readFile(resolve(folder, LOCAL_FILES.databasePassword), "utf8");
    return hiddenTexts([...values, password].map(withoutControls));
}
