import assert from "node:assert/strict";
import { appendFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Machine } from "./machine.ts";

/** A recent docker that notes what it is asked. */
const docker = `#!/bin/sh
echo "$*" >>"$MACHINE/asked"
case "$*" in --version) echo "Docker version 28.2.2, build abc" ;; *) exit 1 ;; esac
`;

/** A machine on which a first run has found or made all parts. */
async function usedMachine(t: TestContext) {
    const machine = await Machine.create(t);
    await machine.install("docker", docker);
    const asked = async () => (await readFile(join(machine.folder, "asked"), "utf8").catch(() => "")).length;
    const run = async (environment: Record<string, string> = {}) => {
        const before = { asked: await asked(), builds: (await machine.builds()).length };
        const { stdout, exitCode } = await machine.toolchain(["run", "sh", "-c", "env; pulumi"], environment);
        assert.equal(exitCode, 0);
        return {
            environment: stdout,
            looked: (await asked()) > before.asked,
            made: (await machine.builds()).slice(before.builds),
        };
    };
    const first = await run();
    assert.ok(first.looked && first.made.length > 0);
    return { machine, run, first };
}

test("a run finds again what the one before it has found, without looking for it", async (t) => {
    const { machine, run, first } = await usedMachine(t);
    const again = await run();
    assert.deepEqual(again, { ...first, looked: false, made: [] });
    const elsewhere = await run({ XDG_DATA_HOME: join(machine.folder, "other") });
    assert.ok(elsewhere.looked, "logins of somebody else are elsewhere");
});

test("a run looks again when a part has gone, and makes it", async (t) => {
    const { machine, run } = await usedMachine(t);
    for (const home of (await readdir(join(machine.cache, "toolchain"))).filter((name) => name.startsWith("home-")))
        await rm(join(machine.cache, "toolchain", home, "bin"), { recursive: true });
    const { looked, made } = await run();
    assert.deepEqual([looked, made], [true, []], "what is in the cache is put into its place");
    await rm(join(machine.cache, "toolchain"), { recursive: true });
    assert.ok((await run()).made.length > 0);
});

test("a run looks again when other programs come first on the machine", async (t) => {
    const { machine, run } = await usedMachine(t);
    await machine.uninstall("docker");
    assert.match((await run()).environment, /^PATH=[^:]*\/docker:/m);
    await machine.install("docker", docker);
    const { environment, looked } = await run();
    assert.ok(looked);
    assert.doesNotMatch(environment, /^PATH=[^:]*\/docker:/m);
});

test("a run looks again when the machine's own program has become another one in its place", async (t) => {
    const machine = await Machine.create(t);
    await machine.install("node", "#!/bin/sh\necho v24.99.0\n");
    const version = async () => (await machine.toolchain(["run", "node", "--version"])).stdout;
    assert.deepEqual([await version(), await version()], ["v24.99.0", "v24.99.0"]);
    await machine.install("node", "#!/bin/sh\necho v18.0.0 of another kind\n");
    assert.equal(await version(), "v24.21.0");
});

test("a run goes on where nothing can be remembered", async (t) => {
    const { machine, run } = await usedMachine(t);
    await machine.uninstall("mv");
    await machine.install("mv", '#!/bin/sh\ncase "$*" in */remembered/*) exit 1 ;; esac\nexec /bin/mv "$@"\n');
    await appendFile(join(machine.project, "package.json"), "\n");
    assert.deepEqual([(await run()).looked, (await run()).looked], [true, true]);
    const left = await readdir(join(machine.cache, "toolchain/remembered"));
    assert.ok(
        left.every((name) => !name.includes(".")),
        left.join(" "),
    );
});

test("a run looks again when the toolchain or the project's packages are others", async (t) => {
    const { machine, run } = await usedMachine(t);
    for (const file of ["toolchain/pins.sh", "package.json", "toolchain/plugins/random/go.mod"]) {
        await appendFile(join(machine.project, file), "\n");
        assert.ok((await run()).looked, file);
        assert.ok(!(await run()).looked, file);
    }
});
