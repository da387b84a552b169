import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { TestServer } from "../../support/testLab.ts";
import { say } from "../progress.ts";
import type { Idle } from "../results/measurements.ts";
import type { Recorder } from "../results/recorder.ts";

/** Seconds: probes of containers that are healthy come once in a minute. */
const watched = 120;

/** What the apps of a server cost while nobody uses them. */
export async function measureIdle(server: TestServer, recorder: Recorder): Promise<void> {
    const script = await readFile(join(import.meta.dirname, "idle.sh"), "utf8");
    say(`apps that nobody uses: ${watched} s`);
    const before = await server.shell(script);
    const begun = performance.now();
    await setTimeout(watched * 1000);
    const after = await server.shell(script);
    await recorder.idle(idleCosts(before, after, (performance.now() - begun) / 1000));
}

/** What one app costs, part by part: of what idle.sh has printed at two moments, so many seconds apart. */
export function idleCosts(before: string, after: string, seconds: number): Idle[] {
    const [first, last] = [read(before), read(after)];
    const apps = new Set(last.map(({ app }) => app).filter((app) => app !== "all")).size;
    const used = (lines: readonly Line[]) => lines.reduce((sum, { microseconds }) => sum + microseconds, 0);
    return [...new Set(last.map(({ part }) => part))].map((part) => {
        const then = first.filter((line) => line.part === part);
        const now = last.filter((line) => line.part === part);
        const bytes = now.reduce((sum, line) => sum + line.bytes, 0);
        const percent = (used(now) - used(then)) / 1e6 / seconds / apps;
        return { part, apps, percent: percent * 100, mebibytes: bytes / apps / 2 ** 20 };
    });
}

interface Line {
    readonly part: string;
    readonly app: string;
    readonly microseconds: number;
    readonly bytes: number;
}

function read(text: string): Line[] {
    return text.split("\n").flatMap((line) => {
        const [part, app, microseconds, bytes] = line.trim().split(" ");
        if (part === undefined || app === undefined || bytes === undefined) return [];
        return [{ part, app, microseconds: Number(microseconds), bytes: Number(bytes) }];
    });
}
