import assert from "node:assert/strict";
import { readdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { execa } from "execa";
import { program, Runs } from "./runs.ts";

/** A run that was killed, and the number that its process had. */
async function killed(t: TestContext): Promise<{ runs: Runs; pid: number }> {
    const runs = await Runs.create(t);
    const run = await runs.start("exec sleep 60");
    process.kill(run.pid, "SIGKILL");
    await run.ended;
    return { runs, pid: run.pid };
}

test("the lock of a run that was killed is removed", async (t) => {
    const { runs, pid } = await killed(t);
    await runs.lock("killed", pid);
    const { stderr } = await runs.next();
    assert.deepEqual(await runs.locks(), []);
    assert.match(stderr, new RegExp(`was killed \\(process ${pid}\\); its lock is removed`));
});

test("a stack whose state a killed run was about to write can be read: what it has cut off is removed", async (t) => {
    const { runs } = await killed(t);
    const whole = '{"user.cache_control":"","user.content_type":"text/plain"}';
    for (const [name, text] of Object.entries({ cut: "", begun: whole.slice(0, 20), whole, older: "" }))
        await runs.attributes(name, text, name === "older");
    const { stderr } = await runs.next();
    assert.deepEqual(await runs.stacks(), ["older.json.attrs", "whole.json.attrs"]);
    assert.match(stderr, /killed while it wrote cut\.json\.attrs, which is removed; the state itself is whole/);
});

test("a run that begins while another one settles the same killed run goes on", async (t) => {
    const { runs } = await killed(t);
    // The note goes whenever somebody looks for what the killed run has started.
    const { exitCode, stderr } = await runs.next('processes_of() { rm -f "$note"; }; ');
    assert.deepEqual([exitCode, stderr], [0, ""]);
});

test("the live lock of another machine of the same name, in a folder that both use, stays", async (t) => {
    const { runs } = await killed(t);
    await runs.lock("another machine's", 2 ** 22 - 3);
    const { stderr } = await runs.next();
    assert.deepEqual(await runs.locks(), ["another machine's.json"]);
    assert.equal(stderr, "");
});

test("a lock stays that was there before the run that was killed, which had the same number by chance", async (t) => {
    const { runs, pid } = await killed(t);
    await runs.lock("earlier", pid, { time: new Date(Date.now() - 3_600_000) });
    await runs.lock("another name", pid, { host: "another-machine" });
    await runs.next();
    assert.deepEqual(await runs.locks(), ["another name.json", "earlier.json"]);
});

test("the lock of a run that works stays, also where /proc shows no process", async (t) => {
    const runs = await Runs.create(t);
    const run = await runs.start("exec sleep 60");
    await runs.lock("held", run.pid);
    await runs.next();
    await runs.next(`name_of() { :; }; after_name() { :; }; `);
    assert.deepEqual(await runs.locks(), ["held.json"]);
    assert.equal((await runs.notes()).length, 1, "only that of the run that works");
});

test("a pulumi that has got a killed run's number keeps its lock, seen or not", async (t) => {
    const { runs } = await killed(t);
    const [note = ""] = await runs.notes();
    const pulumi = await program(runs.folder, "pulumi");
    const working = execa(pulumi, ["60"], { reject: false });
    runs.atEnd(async () => {
        working.kill();
        await working;
    });
    const text = await runs.noted(note);
    await writeFile(join(runs.notesFolder, note), text.replace(/^pid .*/m, `pid ${working.pid}`));
    await runs.lock("its own", working.pid ?? 0);
    await runs.next(`name_of() { :; }; `);
    assert.deepEqual(await runs.locks(), ["its own.json"]);
    await writeFile(join(runs.notesFolder, note), text.replace(/^pid .*/m, `pid ${working.pid}`));
    await runs.lock("its own", working.pid ?? 0);
    await runs.next();
    assert.deepEqual(await runs.locks(), ["its own.json"]);
});

test("a killed run's lock is removed also when another program has got its number", async (t) => {
    const { runs } = await killed(t);
    const [note = ""] = await runs.notes();
    const text = await runs.noted(note);
    await writeFile(join(runs.notesFolder, note), text.replace(/^pid .*/m, `pid ${process.pid}`));
    await runs.lock("killed", process.pid);
    await runs.next();
    assert.deepEqual(await runs.locks(), []);
});

test("what is noted elsewhere is left alone: another user, another container, another machine", async (t) => {
    const { runs, pid } = await killed(t);
    const [note = ""] = await runs.notes();
    const text = await runs.noted(note);
    const others = {
        user: text.replace(/^user .*/m, "user 54321"),
        container: text.replace(/^(place \S+) .*/m, "$1 pid:[4026539999]"),
        machine: text.replace(/^place \S+/m, "place former-boot").replace(/^machine \S+/m, "machine another"),
        "machine that has no id": text.replace(/^place \S+/m, "place former-boot").replace(/^machine \S+/m, "machine "),
    };
    for (const [what, other] of Object.entries(others)) {
        await writeFile(join(runs.notesFolder, note), other);
        await runs.lock("another's", pid);
        const { stderr } = await runs.next();
        assert.deepEqual([what, stderr, await runs.locks()], [what, "", ["another's.json"]]);
    }
});

test("a lock from before this machine was started anew is removed", async (t) => {
    const { runs, pid } = await killed(t);
    const [note = ""] = await runs.notes();
    const former = (await runs.noted(note))
        .replace(/^place \S+ .*/m, "place former-boot pid:[4026531836]")
        .replace(/^machine \S+/m, "machine this-one");
    await writeFile(join(runs.notesFolder, note), former);
    await runs.lock("killed", pid);
    const here = `know_here() { place="this-boot pid:[4026531836]" machine="this-one ${hostname()}"; }; `;
    await runs.next(here);
    assert.deepEqual(await runs.locks(), []);
    assert.deepEqual(await runs.notes(), []);
});

test("a killed run's lock in a backend that is not there now is removed once it is", async (t) => {
    const { runs, pid } = await killed(t);
    await runs.lock("killed", pid);
    await runs.backendIsThere(false);
    await runs.next();
    assert.deepEqual(await readdir(runs.temporary), []);
    const { stderr } = await runs.next('noted() { echo "asked for $2" >&2; }; ');
    assert.equal(stderr, "", "those that wait for one are not looked at again");
    await runs.backendIsThere(true);
    await runs.next();
    assert.deepEqual(await runs.locks(), []);
    assert.deepEqual(await runs.notes(), []);
});

test("a machine without the command hostname can use the wrapper", async (t) => {
    const { runs, pid } = await killed(t);
    await runs.lock("killed", pid);
    const { exitCode, stderr } = await runs.next("hostname() { return 127; }; ");
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(await runs.locks(), []);
});

test("a run's folder for temporary files goes with the next run, and while it works it stays", async (t) => {
    const runs = await Runs.create(t);
    const run = await runs.start("exec sleep 60");
    assert.equal((await readdir(runs.temporary)).length, 1);
    await runs.next();
    assert.equal((await readdir(runs.temporary)).length, 1);
    process.kill(run.pid, "SIGKILL");
    await run.ended;
    await runs.next();
    assert.deepEqual(await readdir(runs.temporary), []);
    await rm(runs.notesFolder, { recursive: true });
    await runs.next();
});
