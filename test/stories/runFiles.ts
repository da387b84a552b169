import { globSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { withSecondsPerStory } from "./secondsPerStory.ts";
import { type Failure, whyTheyFailed } from "./whyTheyFailed.ts";

/** Sends fifty requests a second: with anything beside it a small machine falls behind and answers too late. */
const loads = "load";

/** What takes longest, in order: started first, so that at the end no single one keeps the others' processors waiting. */
const longest = [
    "together",
    "certificatesForYears",
    "interruptions",
    "killedBackups",
    "services",
    "offServer",
    "backups",
    "export",
    "changes",
    "moving",
    "releases",
    "ownCertificate",
    "pinning",
    "delivery",
    "takeover",
    "updates",
    "readme",
    "secrets",
    "local",
    "images",
    "deployment",
    "privatePackages",
    "launch",
    "killed",
    "closedRegistry",
    "refusalsOfPreparedServers",
    "leftovers",
    "refusals",
];

const given = process.argv.slice(2);
const found = globSync(given.length > 0 ? given : join(import.meta.dirname, "fast/*.test.ts")).map((file) =>
    resolve(file),
);
if (found.length === 0) throw new Error(`there are no such tests: ${given.join(" ")}`);
const name = (file: string) => basename(file, ".test.ts");

const failures: Failure[] = [];
const others = found.filter((file) => name(file) !== loads);
await play(
    found.filter((file) => name(file) === loads),
    1,
);
// Each file has servers of its own, and waits half of the time: three at once keep two processors busy. With a fourth nothing ends
// earlier where these are slow, and what somebody would see within seconds takes a minute.
await play([...longest.flatMap((next) => others.filter((file) => name(file) === next)), ...shorter()], 3);
process.stdout.write(whyTheyFailed(failures));

function shorter(): string[] {
    return others.filter((file) => !longest.includes(name(file)));
}

async function play(files: readonly string[], concurrency: number): Promise<void> {
    if (files.length === 0) return;
    // What a failed test has left running would keep its file's process for ever.
    const execArgv = ["--test-force-exit"];
    const timeout = Number(process.env.DALLINGER_E2E_TIMEOUT ?? "2700000");
    const tests = run({ files: [...files], concurrency, execArgv, timeout });
    tests.on("test:fail", ({ name: test, details }) => {
        process.exitCode = 1;
        failures.push({ name: test, message: details.error.message });
    });
    await pipeline(tests, withSecondsPerStory, new spec(), process.stdout, { end: false });
}
