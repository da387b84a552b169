import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { projectFolder } from "../../components/program/projectFolder.ts";
import type { LogRequest } from "../operations.ts";
import { Refusal } from "../refusal.ts";
import { mergedLines } from "./mergedLines.ts";

/**
 * What processes of an app on this machine have logged, lines `TIME CONTAINER | TEXT`, the earliest first. `composeFile` is relative to the
 * project's folder.
 *
 * @throws {Refusal} when docker does not give it, or a release is wanted.
 */
export async function* localLogs(composeFile: string, request: LogRequest): AsyncGenerator<string> {
    if (request.release !== undefined)
        throw new Refusal(
            "on this machine nothing is kept of containers that others have taken the place of: leave --release out",
        );
    for await (const line of linesOf(composeFile, request)) {
        const [, , text = ""] = /^(\S+ \S+ \| )(.*)$/s.exec(line) ?? [];
        if (text.includes(request.text ?? "")) yield line;
    }
}

async function* linesOf(composeFile: string, { processes, follow, since }: LogRequest): AsyncGenerator<string> {
    const compose = ["compose", "-f", composeFile];
    // What is logged at this moment may not be there for a moment.
    const now = new Date(Date.now() - 1000).toISOString();
    const from = since === undefined ? [] : ["--since", "time" in since ? since.time : `${since.secondsAgo}s`];
    const until = follow ? ["--until", now] : [];
    const containers = (await ask([...compose, "ps", "-a", "--format", "{{.ID}} {{.Name}}", ...processes])).split("\n");
    const logs = containers
        .filter((each) => each !== "")
        .map((each) => {
            const [id = "", name = ""] = each.split(" ");
            return named(name, spoken(["logs", "--timestamps", ...from, ...until, id]));
        });
    yield* mergedLines(logs);
    if (follow)
        yield* followed(
            spoken([...compose, "logs", "--no-color", "--timestamps", "--follow", "--since", now, ...processes]),
        );
}

async function* named(name: string, lines: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const line of lines) {
        const [, time, text = ""] = /^(\d\S+Z) ?(.*)$/s.exec(line) ?? [];
        if (time !== undefined) yield `${time} ${name} | ${text}`;
    }
}

/** As compose has them: `CONTAINER  | TIME TEXT`. */
async function* followed(lines: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const line of lines) {
        const [, name, time, text = ""] = /^(\S+) +\| (\d\S+Z) ?(.*)$/s.exec(line) ?? [];
        if (name !== undefined) yield `${time} ${name} | ${text}`;
    }
}

/** What docker prints, line by line, what is an error's among it. It ends with who reads. */
async function* spoken(args: readonly string[]): AsyncGenerator<string> {
    const reading = new AbortController();
    const running = execa("docker", args, {
        ...{ cwd: projectFolder, reject: false, stdin: "ignore", all: true, buffer: false },
        cancelSignal: reading.signal,
    });
    let last = "";
    try {
        for await (const line of createInterface(running.all)) {
            last = line;
            yield line;
        }
        if ((await running).failed) throw new Refusal(last);
    } finally {
        reading.abort();
        await running;
    }
}

async function ask(args: readonly string[]): Promise<string> {
    const result = await execa("docker", args, { cwd: projectFolder, reject: false, stdin: "ignore" });
    if (result.failed) throw new Refusal(result.stderr || result.shortMessage);
    return result.stdout;
}
