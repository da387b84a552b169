import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandLine } from "./commandLine.ts";

const mend = ["mend", "--stack", "lab1"];

/** Whose pulumi was told to change the stack's configuration. */
function changed(asked: string): string[] {
    return asked
        .split("\n")
        .filter((line) => line.includes("config set"))
        .map((line) => line.replace(/ .*home=/, " "));
}

test("a stack that only the user's own pulumi has is looked for there, with its login and its home", async (t) => {
    const line = await CommandLine.create(t);
    await line.addOwnPulumi();
    await line.logIn();
    await line.addStack("own", "lab1");
    const { exitCode, stderr, asked } = await line.run(mend);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(changed(asked), ["own "]);
    assert.match(stderr, /^this stack is one of your own `pulumi`/);
});

test("a home and a login that the user's environment names are the own pulumi's", async (t) => {
    const line = await CommandLine.create(t);
    await line.addOwnPulumi();
    await line.logIn("another home");
    await line.addStack("own", "selected");
    const { asked } = await line.run(["mend"], { PULUMI_HOME: `${line.folder}/another home` });
    assert.deepEqual(changed(asked), [`own ${line.folder}/another home`]);
});

test("who uses ./pulumi is not asked for a pulumi beside it that has no backend of its own", async (t) => {
    const line = await CommandLine.create(t);
    await line.addOwnPulumi();
    await line.addStack("project", "lab1");
    await line.addStack("own", "lab1");
    const { exitCode, stderr, asked } = await line.run(mend);
    assert.deepEqual([exitCode, stderr, changed(asked)], [0, "", ["wrapper /toolchain"]]);
    assert.doesNotMatch(asked, /--show-name/, "nobody is asked which stacks there are");
});

test("a stack of ./pulumi stays its own where the user's own pulumi is logged in for something else", async (t) => {
    const line = await CommandLine.create(t);
    await line.addOwnPulumi();
    await line.logIn();
    await line.addStack("project", "lab1");
    const { exitCode, stderr, asked } = await line.run(mend);
    assert.deepEqual([exitCode, stderr, changed(asked)], [0, "", ["wrapper /toolchain"]]);
});

test("where two backends have a stack of that name, nobody guesses which is meant", async (t) => {
    const line = await CommandLine.create(t);
    await line.addOwnPulumi();
    await line.logIn();
    await line.addStack("project", "lab1");
    await line.addStack("own", "lab1");
    const { exitCode, stderr, asked } = await line.run(mend);
    assert.equal(exitCode, 1);
    assert.match(stderr, /^both `\.\/pulumi` and your own `pulumi` have a stack lab1, .*PULUMI_BACKEND_URL/);
    assert.deepEqual(changed(asked), []);
    const told = await line.run(mend, { PULUMI_BACKEND_URL: "s3://bucket" });
    assert.deepEqual([told.exitCode, changed(told.asked)], [0, ["wrapper /toolchain"]]);
});

test("a stack that nobody has is refused with what ./pulumi says", async (t) => {
    const line = await CommandLine.create(t);
    await line.addOwnPulumi();
    await line.logIn();
    const { exitCode, stderr } = await line.run(mend);
    assert.deepEqual([exitCode, stderr], [1, "error: no stack named 'lab1' found"]);
});
