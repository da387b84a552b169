import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { checkout } from "../../../support/testLab.ts";

// Longer than any story here takes on a busy machine; one that hangs then says in which step.
const limit = 20 * 60_000;

/** Plays a story of this folder at the laptop of the lab: what is there on the loopback, only who sits there sees. */
export async function playAtLaptop(story: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const lab = process.env.DALLINGER_E2E_LAB ?? "";
    await execa("lab/lab", ["laptop", lab], { cwd: checkout });
    const play = [
        "node",
        "--test",
        "--test-force-exit",
        `--test-timeout=${limit}`,
        `test/stories/steps/local/${story}`,
    ];
    const ended = new AbortController();
    const hanging = whatRuns(limit - 10_000, ended.signal);
    const { exitCode, all } = await execa("lab/lab", ["laptop", lab, ...play], {
        cwd: checkout,
        all: true,
        reject: false,
        timeout: limit + 60_000,
        env: { NODE_TEST_CONTEXT: undefined, ...environment },
    });
    ended.abort();
    process.stdout.write(`${all}\n${await hanging}`);
    assert.equal(exitCode, 0, all.slice(all.lastIndexOf("failing tests:")));
}

/** What runs on this machine after so many milliseconds: of what hangs, the end says nothing. Empty when it has ended before. */
async function whatRuns(after: number, signal: AbortSignal): Promise<string> {
    try {
        await setTimeout(after, undefined, { signal });
    } catch {
        return "";
    }
    return (await execa("ps", ["axf", "-o", "pid,etimes,stat,args"])).stdout;
}
