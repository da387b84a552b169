import { globSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** Begin with fifty requests a second: with more than the lab's tests beside them a small machine falls behind and answers too late. */
const loads = ["load", "updates"];

/** What takes longest, in order: started first, so that at the end no single one keeps the others' processors waiting. */
const longest = [
    "together",
    "interruptions",
    "changes",
    "moving",
    "releases",
    "readme",
    "deployment",
    "drill",
    "launch",
    "secrets",
];

const given = process.argv.slice(2);
const found = globSync(given.length > 0 ? given : join(import.meta.dirname, "*.test.ts")).map((file) => resolve(file));
if (found.length === 0) throw new Error(`there are no such tests: ${given.join(" ")}`);
const name = (file: string) => basename(file, ".test.ts");
const isLight = (file: string) => basename(dirname(file)) === "lab";

const underLoad = found.filter((file) => loads.includes(name(file)));
const light = found.filter(isLight);
const others = found.filter((file) => !underLoad.includes(file) && !light.includes(file));
// The lab's tests mostly wait.
const beside = play(light, 1);
const first = play(underLoad, 1);
await first.load;
// Each file has servers of its own, and waits half of the time: three at once keep two processors busy.
const rest = play([...longest.flatMap((next) => others.filter((file) => name(file) === next)), ...shorter()], 3);
await Promise.all([beside, first, rest].map(({ all }) => all));

function shorter(): string[] {
    return others.filter((file) => !longest.includes(name(file)));
}

/** Plays files, so many at once. `load` ends with the first step of a story, or where there is none with `all`. */
function play(files: readonly string[], concurrency: number): { load: Promise<void>; all: Promise<void> } {
    if (files.length === 0) return { load: Promise.resolve(), all: Promise.resolve() };
    // What a failed test has left running would keep its file's process for ever.
    const execArgv = ["--test-force-exit"];
    const timeout = Number(process.env.DALLINGER_E2E_TIMEOUT ?? "2700000");
    const tests = run({ files: [...files], concurrency, execArgv, timeout });
    tests.on("test:fail", () => {
        process.exitCode = 1;
    });
    const { promise: step, resolve: ended } = Promise.withResolvers<void>();
    tests.on("test:complete", ({ nesting }) => {
        if (nesting > 0) ended();
    });
    const all = pipeline(tests.compose(new spec()), process.stdout, { end: false });
    return { load: Promise.race([step, all]), all };
}
