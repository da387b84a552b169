import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { projectFolder } from "../components/program/projectFolder.ts";
import { templateFolder } from "../components/remote/templates.ts";
import { START } from "../components/targets/local/localFolder.ts";
import { LOCAL_DATABASE } from "../components/targets/local/localNames.ts";
import { isProcess } from "../components/targets/local/localServices.ts";
import { containerUse } from "./containerUse.ts";
import type { LaunchState, Resolution } from "./launchState.ts";
import { localLaunch, resolveLocalLaunch } from "./localLaunch.ts";
import { localLogs } from "./logs/localLogs.ts";
import type { ContainerUse, ExportedParts, LogRequest, Operations, Process, PsqlSession } from "./operations.ts";
import { passedThrough } from "./passedThrough.ts";
import { endOf } from "./programEnd.ts";
import { Refusal } from "./refusal.ts";
import type { AppStatus } from "./status/appStatus.ts";
import { localStatus } from "./status/localStatus.ts";
import { keepingTerminal } from "./terminal.ts";

/** bash where an image has it, or else the shell that every one has. */
const SHELL = ["sh", "-c", "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi"];

/** The processes that run an experiment. */
const EXPERIMENT = ["web", "worker", "clock"] as const;

/** The operations of an app on this machine, by its compose file. */
export class LocalOperations implements Operations {
    private readonly composeFile: string;

    /** `composeFile` is relative to the project's folder. */
    constructor(composeFile: string) {
        this.composeFile = composeFile;
    }

    async exec(process: Process, argv: readonly string[], stdin = ""): Promise<string> {
        return await this.docker(this.compose("exec", "-T", process, ...argv), stdin);
    }

    async run(process: Process, argv: readonly string[]): Promise<number> {
        return await this.attach(["exec", "-T", process, ...withSecrets(process), ...argv], false);
    }

    async shell(process: Process): Promise<number> {
        return await this.attach(["exec", process, ...withSecrets(process), ...SHELL], true);
    }

    async psql(args: readonly string[], { terminal, write }: PsqlSession): Promise<number> {
        const session = `-c search_path=public -c default_transaction_read_only=${write ? "off" : "on"}`;
        const variables = { PGOPTIONS: session, PSQL_HISTORY: "/dev/null" };
        const environment = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
        const exec = ["exec", ...(terminal ? [] : ["-T"]), "--user", "postgres", ...environment, "postgres"];
        const stop = terminal ? [] : ["-v", "ON_ERROR_STOP=1"];
        // Behind what somebody has typed: it is this database and this role that are meant.
        const own = ["-d", LOCAL_DATABASE, "-U", LOCAL_DATABASE];
        return await this.attach([...exec, "psql", "-X", "-w", ...stop, ...args, ...own], terminal);
    }

    async restart(processes: readonly Process[]): Promise<string> {
        const there = (await this.docker(this.compose("config", "--services"))).split("\n");
        const named = processes.length > 0 ? processes : EXPERIMENT.filter((process) => there.includes(process));
        // docker shows how far it is.
        const options = {
            cwd: projectFolder,
            stdin: "ignore",
            stdout: "ignore",
            stderr: "inherit",
            reject: false,
        } as const;
        const result = await execa("docker", this.compose("restart", "--no-deps", ...named), options);
        if (result.failed) throw new Refusal("docker has not restarted all of them: its lines above say why");
        return named.join(" ");
    }

    async launch(): Promise<LaunchState> {
        return await localLaunch(this.folder);
    }

    async resolveLaunch(how: Resolution, asked: (known: LaunchState) => Promise<void>): Promise<LaunchState> {
        return await resolveLocalLaunch(this.folder, how, asked);
    }

    logs(request: LogRequest): AsyncIterable<string> {
        return localLogs(this.composeFile, request);
    }

    async stats(): Promise<readonly ContainerUse[]> {
        const ids = (await this.docker(this.compose("ps", "-q"))).split("\n").filter((line) => line !== "");
        // Without any, docker would tell of all containers.
        if (ids.length === 0) return [];
        return containerUse(await this.docker(["stats", "--no-stream", "--format", "{{json .}}", ...ids]));
    }

    async *watch(signal: AbortSignal): AsyncGenerator<readonly ContainerUse[]> {
        while (!signal.aborted) yield await this.stats();
    }

    async status(): Promise<AppStatus> {
        return await localStatus(this.composeFile);
    }

    async dump(file: string): Promise<void> {
        // Another run of the same may be at work, and has one of its own.
        const incoming = `${file}.${randomUUID()}.incoming`;
        try {
            await writeFile(incoming, "", { flag: "wx", mode: 0o600 });
            const args = this.compose("exec", "-T", "postgres", "pg_dump", "-U", LOCAL_DATABASE, "-Fc", LOCAL_DATABASE);
            const sent = await execa("docker", args, { cwd: projectFolder, stdout: { file: incoming }, reject: false });
            if (sent.failed) throw new Refusal(sent.stderr);
            await rename(incoming, file);
        } finally {
            await rm(incoming, { force: true });
        }
    }

    async *export({ dump, files, logs }: ExportedParts): AsyncGenerator<string> {
        const folder = dirname(this.composeFile);
        if (files) throw new Refusal(`the experiment's files are on this machine, below ${folder}: leave --files out`);
        if (logs)
            throw new Refusal("`./ops/dallinger logs` prints the logs of an app on this machine: leave --logs out");
        const [postgres] = (await this.docker(this.compose("ps", "-q", "postgres"))).split("\n");
        if (postgres === undefined || postgres === "")
            throw new Refusal("PostgreSQL of the app does not run on this machine: `./pulumi up` starts it");
        yield* linesOf("sh", [
            join(templateFolder("local"), "export.sh"),
            postgres,
            LOCAL_DATABASE,
            dump ? "yes" : "no",
        ]);
    }

    /** Of what the app has on this machine. */
    private get folder(): string {
        return join(projectFolder, dirname(this.composeFile));
    }

    private async attach(args: readonly string[], terminal: boolean): Promise<number> {
        const options = { cwd: projectFolder, ...passedThrough(terminal), reject: false } as const;
        const run = async () => await execa("docker", this.compose(...args), options);
        return endOf(await (terminal ? keepingTerminal(run) : run()));
    }

    private compose(...args: readonly string[]): string[] {
        return ["compose", "-f", this.composeFile, ...args];
    }

    private async docker(args: readonly string[], input = ""): Promise<string> {
        const result = await execa("docker", args, { cwd: projectFolder, input, reject: false });
        if (result.failed) throw new Refusal(result.stderr || result.shortMessage);
        return result.stdout;
    }
}

/** Lines of what a program prints, as they come. It ends with who reads them, too. */
async function* linesOf(program: string, args: readonly string[]): AsyncGenerator<string> {
    const reading = new AbortController();
    const running = execa(program, args, {
        ...{ cwd: projectFolder, reject: false, stdin: "ignore", buffer: { stdout: false } },
        cancelSignal: reading.signal,
    });
    try {
        yield* createInterface(running.stdout);
        const result = await running;
        if (result.failed) throw new Refusal(result.stderr || result.shortMessage);
    } finally {
        reading.abort();
        await running;
    }
}

/** The experiment's processes there begin by a program that gives them their secrets. */
function withSecrets(process: Process): readonly string[] {
    return isProcess(process) ? START : [];
}
