import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Finding, SecretSearch } from "./secretSearch.ts";

const execution = z.object({ exe: z.string(), arguments: z.array(z.string()) });
const end = z.object({ lost: z.number() });

/** A process that was executed, as the kernel has told. */
export type Execution = z.infer<typeof execution>;

/** All processes that this one and its descendants execute, on servers that they start as well. */
export interface ExecEvents {
    /** Ends it, and gives what was executed and how many of the kernel's records were lost. Can be called once. */
    end(): Promise<{ executions: Execution[]; lost: number }>;
}

/** Starts to listen to the kernel. What stops with this process at the latest, and leaves the kernel's audit as it was. */
export async function listenToExecutions(): Promise<ExecEvents & AsyncDisposable> {
    // By the login id the kernel tells this test's processes, and those of logins on its servers, from the machine's others.
    writeFileSync("/proc/self/loginuid", String(process.pid));
    const reader = execa("python3", [join(import.meta.dirname, "execEvents.py")], {
        stdin: "pipe",
        cleanup: false,
        reject: false,
        maxBuffer: 1 << 30,
    });
    const started = await Promise.race([once(reader.stdout, "data").then(() => true), reader.then(() => false)]);
    if (!started) throw new Error(`the kernel's audit cannot be listened to: ${(await reader).stderr}`);
    const stop = async () => {
        reader.stdin.end();
        return await reader;
    };
    return {
        end: async () => read(await stop()),
        [Symbol.asyncDispose]: async () => {
            await stop();
        },
    };
}

function read({ failed, stdout, stderr }: { failed: boolean; stdout: string; stderr: string }) {
    if (failed) throw new Error(`listening to the kernel's audit has failed: ${stderr}`);
    const [, ...lines] = stdout.split("\n").map((line): unknown => JSON.parse(line));
    const { lost } = end.parse(lines.pop());
    return { executions: lines.map((line) => execution.parse(line)), lost };
}

/** Programs that a deployment and a backup run: the engine, its plugin and the build here, the rest on the server and in containers. */
const expected = [
    ...["node", "pulumi", "pulumi-resource-command", "docker", "docker-buildx"],
    ...["sudo", "apt-get", "dockerd", "caddy", "psql", "pg_dump", "pg_restore", "redis-cli", "python3"],
];

/** Those of them that the kernel has not told of: without them, finding nothing in arguments would mean nothing. */
export function unseenPrograms(executions: readonly Execution[]): string[] {
    // Python's name has its version behind it.
    const seen = new Set(
        executions.map(({ exe }) => exe.slice(exe.lastIndexOf("/") + 1).replace(/^(python3)\..*/, "$1")),
    );
    return expected.filter((program) => !seen.has(program));
}

/** Searches the arguments of processes; a place is the program that got them. */
export async function searchArguments(search: SecretSearch, executions: readonly Execution[]): Promise<Finding[]> {
    const programs = Map.groupBy(executions, ({ exe }) => `arguments of ${exe}`);
    const texts = [...programs].map(([place, of]) => [place, of.map((each) => each.arguments.join("\0")).join("\0")]);
    return await search.texts(Object.fromEntries(texts));
}
