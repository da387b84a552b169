import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Machine } from "./machine.ts";

/** The environment that a shell has after the lines of `toolchain env`. */
async function environmentOf(machine: Machine, inherited: Record<string, string> = {}) {
    const { stdout: lines, stderr } = await machine.toolchain(["env"], inherited);
    const { stdout } = await machine.run("sh", ["-c", `${lines}\nenv`], { env: inherited });
    const pairs = stdout.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2));
    return { environment: Object.fromEntries(pairs) as Record<string, string>, stderr };
}

test("prints lines for sh that put the made programs first, whatever is in the paths", async (t) => {
    const machine = await Machine.create(t);
    await machine.toolchain(["ensure"]);
    const { environment } = await environmentOf(machine);
    const home = environment.PULUMI_HOME ?? "";
    assert.equal(environment.PATH, `${home}/docker:${home}/bin:${machine.environment.PATH}`);
    assert.deepEqual((await readdir(join(home, "bin"))).sort(), [
        "node",
        "pulumi",
        "pulumi-language-nodejs",
        "pulumi-language-nodejs-host",
    ]);
    const random = await stat(join(home, "plugins/resource-random-v4.21.2/pulumi-resource-random"));
    assert.notEqual(random.mode & 0o100, 0);
    assert.equal(environment.PULUMI_SKIP_UPDATE_CHECK, "1");
    assert.equal(environment.NODE_COMPILE_CACHE, `${home}/compiled`);
});

test("keeps logins and selected stacks out of the cache, for the user alone", async (t) => {
    const machine = await Machine.create(t);
    const { environment } = await environmentOf(machine);
    const folder = environment.PULUMI_CREDENTIALS_PATH ?? "";
    assert.ok(!folder.startsWith(machine.cache));
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    await writeFile(join(environment.PULUMI_HOME ?? "", "workspaces/some.json"), "{}");
    assert.deepEqual(await readdir(join(folder, "workspaces")), ["some.json"]);
    assert.deepEqual(await readdir(join(machine.folder, "home")), [".local"]);
});

test("a selected stack is not lost when somebody with another data folder works with the same cache", async (t) => {
    const machine = await Machine.create(t);
    const { environment } = await environmentOf(machine);
    const selected = join(environment.PULUMI_HOME ?? "", "workspaces/some.json");
    await writeFile(selected, "{}");
    const other = await environmentOf(machine, { XDG_DATA_HOME: join(machine.folder, "other") });
    assert.equal(await readFile(selected, "utf8"), "{}");
    assert.deepEqual(await readdir(join(other.environment.PULUMI_HOME ?? "", "workspaces")), []);
});

test("shows docker the user's logins, contexts and plugins beside the made ones, and writes nothing there", async (t) => {
    const machine = await Machine.create(t);
    const users = join(machine.folder, "home/.docker");
    await mkdir(join(users, "cli-plugins"), { recursive: true });
    await mkdir(join(users, "contexts"));
    await writeFile(join(users, "config.json"), `{"auths":{}}`);
    await writeFile(join(users, "cli-plugins/docker-scout"), "");
    await machine.toolchain(["ensure", "buildx", "compose"]);

    const { environment } = await environmentOf(machine);
    const folder = environment.DOCKER_CONFIG ?? "";
    assert.equal(await readFile(join(folder, "config.json"), "utf8"), `{"auths":{}}`);
    assert.ok((await stat(join(folder, "contexts"))).isDirectory());
    assert.deepEqual((await readdir(join(folder, "cli-plugins"))).sort(), [
        "docker-buildx",
        "docker-compose",
        "docker-scout",
    ]);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.deepEqual((await readdir(users)).sort(), ["cli-plugins", "config.json", "contexts"]);
    assert.deepEqual(await readdir(join(users, "cli-plugins")), ["docker-scout"]);
});

test("keeps what docker writes itself until the user has the same, and never adds to the user's folders", async (t) => {
    const machine = await Machine.create(t);
    await machine.toolchain(["ensure", "buildx"]);
    const { environment } = await environmentOf(machine);
    const config = join(environment.DOCKER_CONFIG ?? "", "config.json");
    await writeFile(config, "a first login");
    await environmentOf(machine);
    assert.equal(await readFile(config, "utf8"), "a first login");
    assert.deepEqual(await readdir(join(machine.folder, "home")), [".local"]);

    await mkdir(join(machine.folder, "home/.docker"));
    await writeFile(join(machine.folder, "home/.docker/config.json"), "the user's own");
    await environmentOf(machine);
    assert.equal(await readFile(config, "utf8"), "the user's own");
    assert.equal(await readFile(`${config}.earlier`, "utf8"), "a first login");
});

test("says the same inside its own environment as outside", async (t) => {
    const machine = await Machine.create(t);
    await machine.toolchain(["ensure", "buildx"]);
    const { environment } = await environmentOf(machine);
    const inside = await environmentOf(machine, { DOCKER_CONFIG: environment.DOCKER_CONFIG ?? "" });
    assert.equal(inside.environment.DOCKER_CONFIG, environment.DOCKER_CONFIG);
    assert.equal(inside.stderr, "");
});

test("prints where a part is, or how to make it", async (t) => {
    const machine = await Machine.create(t);
    const absent = await machine.toolchain(["path", "caddy"]);
    assert.equal(absent.exitCode, 1);
    assert.match(absent.stderr, /make it with: toolchain\/toolchain ensure caddy/);
    await machine.toolchain(["ensure", "caddy"]);
    const { stdout } = await machine.toolchain(["path", "caddy"]);
    const { stdout: said } = await machine.run(stdout, []);
    assert.match(said, /^github\.com\/caddyserver\/caddy\/v2\/cmd\/caddy/);
});

test("the wrapper works through a link and from any folder, on this project", async (t) => {
    const machine = await Machine.create(t);
    await symlink(join(machine.project, "pulumi"), join(machine.folder, "bin/pulumi"));
    const { exitCode, stdout, stderr } = await machine.run("pulumi", ["up", "--yes"], { cwd: "/" });
    assert.equal(exitCode, 0, stderr);
    const state = join(machine.folder, "home/.local/share/dallinger-pulumi/state");
    const pulumi = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
    assert.equal(stdout, `${pulumi} --cwd ${machine.project} up --yes backend=file://${state}`);
    assert.equal((await stat(state)).mode & 0o777, 0o700);
});

test("the wrapper leaves another project around the present folder, and a chosen backend, as they are", async (t) => {
    const machine = await Machine.create(t);
    await mkdir(join(machine.folder, "other/inner"), { recursive: true });
    await writeFile(join(machine.folder, "other/Pulumi.yaml"), "name: other\n");
    const { stdout } = await machine.run(join(machine.project, "pulumi"), ["preview"], {
        cwd: join(machine.folder, "other/inner"),
        env: { PULUMI_BACKEND_URL: "s3://bucket" },
    });
    assert.equal(stdout, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi preview backend=s3://bucket");
});

test("the wrapper says nothing of its own when all is there, and gives pulumi's exit status", async (t) => {
    const machine = await Machine.create(t);
    await machine.toolchain(["ensure"]);
    const quiet = await machine.run(join(machine.project, "pulumi"), ["version"]);
    assert.equal(quiet.stderr, "");
    const failing = await machine.toolchain(["run", "sh", "-c", "exit 7"]);
    assert.equal(failing.exitCode, 7);
});
