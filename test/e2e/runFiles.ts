import { globSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** What takes longest, in order: started first, so that at the end no single one keeps the others' processors waiting. */
const longest = ["interruptions", "releases", "moving", "drill", "deployment"];

/** Each file has servers of its own, and waits half of the time: three at once keep two processors busy. */
const concurrency = 3;

const given = process.argv.slice(2);
const files = inOrder(
    globSync(given.length > 0 ? given : join(import.meta.dirname, "*.test.ts")).map((file) => resolve(file)),
);
if (files.length === 0) throw new Error(`there are no such tests: ${given.join(" ")}`);

// What a failed test has left running would keep its file's process for ever.
const execArgv = ["--test-force-exit"];

run({ files, concurrency, execArgv, timeout: Number(process.env.DALLINGER_E2E_TIMEOUT ?? "1500000") })
    .on("test:fail", () => {
        process.exitCode = 1;
    })
    .compose(new spec())
    .pipe(process.stdout);

function inOrder(found: readonly string[]): string[] {
    const first = longest.map((name) => join(import.meta.dirname, `${name}.test.ts`));
    return [...first.filter((file) => found.includes(file)), ...found.filter((file) => !first.includes(file))];
}
