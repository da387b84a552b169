import assert from "node:assert/strict";
import { appendFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Machine } from "./machine.ts";

/** What the program needs for servers, and what it needs besides for experiments on this machine. */
const forServers = ["node", "pulumi", "language-nodejs", "random", "command", "docker-cli", "buildx"];
const forThisMachine = ["docker", "compose"];

const done = (part: string) => new RegExp(`\\] ${part} [\\d.]+: done`);

test("makes every part that the project needs, and only finds them the second time", async (t) => {
    const machine = await Machine.create(t);
    const needed = [...forServers, ...forThisMachine];
    const first = await machine.toolchain(["ensure", "--local"]);
    assert.equal(first.exitCode, 0, first.stderr);
    for (const part of needed) assert.match(first.stderr, done(part));

    for (const program of ["go", "npm"]) await machine.uninstall(program);
    const before = await machine.builds();
    const second = await machine.toolchain(["ensure", "--local"]);
    assert.equal(second.exitCode, 0, second.stderr);
    for (const part of needed) assert.match(second.stderr, new RegExp(`\\] ${part} [\\d.]+: found`));
    assert.deepEqual(await machine.builds(), before);
});

test("makes what experiments on this machine need once a stack has one, and not before", async (t) => {
    const machine = await Machine.create(t);
    const stacks = join(machine.project, "stacks");
    await mkdir(stacks);
    await writeFile(join(stacks, "Pulumi.example-local.yaml"), "dallinger:experiment: { on: local }\n");
    const { exitCode, stderr } = await machine.toolchain(["run", "uname"]);
    assert.equal(exitCode, 0, stderr);
    for (const part of forServers) assert.match(stderr, done(part));
    for (const part of forThisMachine) assert.doesNotMatch(stderr, done(part));
    await writeFile(join(stacks, "Pulumi.lab1.yaml"), "dallinger:experiment:\n    on: { stack: localities }\n");
    assert.equal((await machine.toolchain(["run", "uname"])).stderr, "");

    await writeFile(join(stacks, "Pulumi.try.yaml"), "dallinger:experiment:\n    path: .\n    on: local\n");
    const later = await machine.toolchain(["run", "uname"]);
    for (const part of forThisMachine) assert.match(later.stderr, done(part));
    for (const part of forServers) assert.doesNotMatch(later.stderr, done(part));
    const again = await machine.toolchain(["run", "uname"]);
    assert.equal(again.stderr, "");
});

test("knows a stack on this machine however its file is written", async (t) => {
    const machine = await Machine.create(t);
    const file = join(machine.project, "stacks/Pulumi.try.yaml");
    await mkdir(join(machine.project, "stacks"));
    await machine.toolchain(["ensure", "--local"]);
    const finds = async (text: string) => {
        await writeFile(file, text);
        return /compose [\d.]+: found/.test((await machine.toolchain(["ensure"])).stderr);
    };
    for (const text of ["on: local", "on: 'local'", '{"on":"local"}', "{ path: x, on: local }", "  on: local # here"])
        assert.ok(await finds(`dallinger:experiment:\n    ${text}\n`), text);
    for (const text of ["on: { stack: local }", "on: localhost", "option: local", "icon: local", "on: elsewhere"])
        assert.ok(!(await finds(`dallinger:experiment:\n    ${text}\n`)), text);
});

test("makes for somebody else's program that uses the wrapper all that it may need", async (t) => {
    const machine = await Machine.create(t);
    const theirs = join(machine.folder, "theirs");
    await mkdir(theirs);
    await writeFile(join(theirs, "Pulumi.yaml"), "name: theirs\nruntime: nodejs\n");
    const { stderr } = await machine.run(join(machine.project, "pulumi"), ["version"], { cwd: theirs });
    for (const part of forThisMachine) assert.match(stderr, done(part));
});

test("makes for a throw-away server what its images need, and nothing for this machine", async (t) => {
    const machine = await Machine.create(t);
    const { stderr } = await machine.toolchain(["ensure", "--demo"]);
    for (const part of [...forServers, "caddy"]) assert.match(stderr, done(part));
    for (const part of [...forThisMachine, "pebble"]) assert.doesNotMatch(stderr, done(part));
});

test("takes the plugins that package.json depends on, and others when they are asked for", async (t) => {
    const machine = await Machine.create(t);
    await writeFile(join(machine.project, "package.json"), `{ "dependencies": { "@pulumi/docker": "5.2.0" } }`);
    const { stderr } = await machine.toolchain(["ensure", "--local"]);
    assert.match(stderr, /docker 5\.2\.0: done/);
    assert.doesNotMatch(stderr, /random|command/);
    const asked = await machine.toolchain(["ensure", "random"]);
    assert.match(asked.stderr, /random [\d.]+: done/);
});

test("builds a part anew when one of its sources changes, and no other part", async (t) => {
    const machine = await Machine.create(t);
    await machine.toolchain(["ensure", "random", "command"]);
    await appendFile(join(machine.project, "toolchain/plugins/command/main.go"), "// changed\n");
    const { stderr } = await machine.toolchain(["ensure", "random", "command"]);
    assert.match(stderr, /random [\d.]+: found/);
    assert.match(stderr, /command [\d.]+: done/);
});

test("does not build a plugin anew when only its tests change", async (t) => {
    const machine = await Machine.create(t);
    await machine.toolchain(["ensure", "command"]);
    await writeFile(join(machine.project, "toolchain/plugins/command/some_test.go"), "package main\n");
    const { stderr } = await machine.toolchain(["ensure", "command"]);
    assert.match(stderr, /command [\d.]+: found/);
});

test("shows what Go said when a build fails, keeps nothing of it and can be repeated", async (t) => {
    const machine = await Machine.create(t);
    const failed = await machine.toolchain(["ensure", "caddy"], { GO_FAILS: "1" });
    assert.equal(failed.exitCode, 1);
    assert.match(failed.stderr, /no such package\ntoolchain: Go could not build caddy/);
    assert.deepEqual(await readdir(join(machine.cache, "toolchain/parts")), []);
    const repeated = await machine.toolchain(["ensure", "caddy"]);
    assert.equal(repeated.exitCode, 0, repeated.stderr);
});

test("stops at once when it is told to, keeps nothing half-made and can be repeated", async (t) => {
    const machine = await Machine.create(t);
    const running = machine.toolchain(["ensure", "caddy"], { GO_WAITS: "30" });
    while ((await machine.builds()).length === 0) await setTimeout(20);
    const told = Date.now();
    running.kill("SIGTERM");
    assert.equal((await running).exitCode, 143);
    assert.ok(Date.now() - told < 5_000);
    assert.deepEqual(await readdir(join(machine.cache, "toolchain/parts")), []);
    const repeated = await machine.toolchain(["ensure", "caddy"]);
    assert.equal(repeated.exitCode, 0, repeated.stderr);
});

test("makes two parts at a time, and no more", async (t) => {
    const machine = await Machine.create(t);
    const two = await machine.toolchain(["ensure", "caddy", "pebble"], { GO_MEETS: "2" });
    assert.equal(two.exitCode, 0, two.stderr);
    await rm(join(machine.folder, "meeting"));
    const running = machine.toolchain(["ensure", "versitygw", "compose", "buildx"], { GO_WAITS: "30" });
    while ((await machine.builds()).length < 4) await setTimeout(20);
    await setTimeout(500);
    running.kill("SIGTERM");
    await running;
    assert.deepEqual((await machine.builds()).slice(2), ["waiting", "waiting"]);
    assert.deepEqual(
        (await readdir(join(machine.cache, "toolchain/parts"))).map((name) => name.replace(/-.*/, "")).sort(),
        ["caddy", "pebble"],
    );
});

test("begins with no other part once one could not be made, and keeps those that were", async (t) => {
    const machine = await Machine.create(t);
    const parts = ["caddy", "pebble", "versitygw", "compose"];
    const failed = await machine.toolchain(["ensure", ...parts], { GO_MEETS: "2", GO_FAILS_AT: "pebble" });
    assert.equal(failed.exitCode, 1);
    assert.match(failed.stderr, /no such package\ntoolchain: Go could not build pebble/);
    const kept = await readdir(join(machine.cache, "toolchain/parts"));
    assert.deepEqual(
        kept.map((name) => name.replace(/-.*/, "")),
        ["caddy"],
    );
    const repeated = await machine.toolchain(["ensure", ...parts]);
    assert.equal(repeated.exitCode, 0, repeated.stderr);
});

test("makes what the lab needs with the rest when it is told to", async (t) => {
    const machine = await Machine.create(t);
    const { exitCode, stderr } = await machine.toolchain(["ensure", "--lab"]);
    assert.equal(exitCode, 0, stderr);
    for (const part of ["pulumi", "compose", "caddy", "pebble", "versitygw"]) {
        assert.match(stderr, new RegExp(`\\] ${part} [\\d.]+: done`));
    }
});

test("goes on over what a run left that was killed outright", async (t) => {
    const machine = await Machine.create(t);
    const running = machine.toolchain(["ensure", "caddy"], { GO_WAITS: "2" });
    while ((await machine.builds()).length === 0) await setTimeout(20);
    running.kill("SIGKILL");
    await running;
    const repeated = await machine.toolchain(["ensure", "caddy"]);
    assert.equal(repeated.exitCode, 0, repeated.stderr);
    const [part, ...others] = await readdir(join(machine.cache, "toolchain/parts"));
    assert.match(part ?? "", /^caddy-/);
    assert.deepEqual(others, []);
});

test("does the work once when two runs start together", async (t) => {
    const machine = await Machine.create(t);
    const runs = await Promise.all([machine.toolchain(["ensure", "caddy"]), machine.toolchain(["ensure", "caddy"])]);
    for (const run of runs) assert.equal(run.exitCode, 0, run.stderr);
    assert.equal((await machine.builds()).length, 1);
});

test("says in one line that Go is missing, and which", async (t) => {
    const machine = await Machine.create(t);
    await machine.uninstall("go");
    const { exitCode, stderr } = await machine.toolchain(["ensure", "caddy"]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /^toolchain: Go is missing; install Go 1\.\d+(\.\d+)? or newer and run this again$/m);
});

test("refuses a part that it does not have, and names those that it has", async (t) => {
    const machine = await Machine.create(t);
    const { exitCode, stderr } = await machine.toolchain(["ensure", "terraform"]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /no part "terraform"; the parts are: node pulumi /);
});

test("prunes what was made from other sources, and keeps what is in use", async (t) => {
    const machine = await Machine.create(t);
    await machine.toolchain(["ensure", "command", "caddy"]);
    const main = join(machine.project, "toolchain/plugins/command/main.go");
    await appendFile(main, "// changed\n");
    await machine.toolchain(["ensure", "command"]);
    const count = async (start: string, folder: string) =>
        (await readdir(join(machine.cache, "toolchain", folder))).filter((name) => name.startsWith(start)).length;
    assert.deepEqual([await count("command-", "parts"), await count("home-", ".")], [2, 2]);

    const { exitCode, stderr } = await machine.toolchain(["prune"]);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual([await count("command-", "parts"), await count("home-", ".")], [1, 1]);
    const again = await machine.toolchain(["ensure", "command", "caddy"]);
    assert.doesNotMatch(again.stderr, /done/);
});
