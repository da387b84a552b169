import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandLine } from "./commandLine.ts";

test("a command asks for a stack's configuration once, and again when it has set something", async (t) => {
    const line = await CommandLine.create(t);
    for (const stack of ["lab1", "lab2"]) await line.addStack("project", stack);
    const program = `
        import { configurationOf, pulumi } from "./pulumiCommand.ts";
        for (const stack of ["lab1", "lab2", "lab1"]) await configurationOf(stack);
        await pulumi("lab1", ["config", "set", "a", "b"]);
        for (const stack of ["lab1", "lab2"]) await configurationOf(stack);
    `;
    await line.replace("project/ops/main.ts", program);
    const { exitCode, stderr, asked } = await line.run([]);
    assert.equal(exitCode, 0, stderr);
    const stacks = [...asked.matchAll(/ config --json --stack (\S+)/g)].map(([, stack]) => stack);
    assert.deepEqual(stacks, ["lab1", "lab2", "lab1"]);
});

test("what could not be read is asked for again", async (t) => {
    const line = await CommandLine.create(t);
    const program = `
        import { configurationOf } from "./pulumiCommand.ts";
        for (const _ of [1, 2]) await configurationOf("none").catch((error) => console.log(error.message));
    `;
    await line.replace("project/ops/main.ts", program);
    const { stdout, asked } = await line.run([]);
    assert.equal(stdout.match(/no stack named 'none' found/g)?.length, 2);
    assert.equal(asked.match(/ config --json/g)?.length, 2);
});
