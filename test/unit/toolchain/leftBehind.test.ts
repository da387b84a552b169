import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { program, Runs } from "./runs.ts";

/** A folder of stand-ins for Pulumi's programs, and of the numbers of their processes. */
async function standIns(runs: Runs) {
    for (const name of ["pulumi", "pulumi-resource-command", "editor"]) await program(runs.folder, name);
    await mkdir(join(runs.folder, "@pulumi/pulumi/cmd"), { recursive: true });
    await mkdir(join(runs.folder, "pids"));
    for (const [name, text] of Object.entries({
        // says NAME COMMAND…: runs it, after its number is written to a file of that name.
        says: 'echo $$ >"$FOLDER/pids/$1"; shift; exec "$@"',
        "pulumi-language-nodejs": '"$FOLDER/says" program sh "$FOLDER/@pulumi/pulumi/cmd/run" & wait',
        "@pulumi/pulumi/cmd/run": 'trap "" TERM; sleep 60 & wait',
        "pulumi-with-plugin":
            '"$FOLDER/says" "$1-plugin" "$FOLDER/pulumi-resource-command" 60 & exec "$FOLDER/pulumi" 60',
    })) {
        await writeFile(join(runs.folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    const pids = join(runs.folder, "pids");
    runs.atEnd(async () => {
        for (const name of await readdir(pids)) {
            try {
                process.kill(Number(await readFile(join(pids, name), "utf8")), "SIGKILL");
            } catch {} // it has ended
        }
    });
    const pid = async (name: string): Promise<number> => {
        for (;;) {
            const text = await readFile(join(pids, name), "utf8").catch(() => "");
            if (text !== "") return Number(text);
            await setTimeout(10);
        }
    };
    return pid;
}

function lives(pid: number): boolean {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
    } catch {
        return false;
    }
}

test("plugins, language host and program of a killed run are ended, and only those", async (t) => {
    const runs = await Runs.create(t);
    const pid = await standIns(runs);
    const env = { FOLDER: runs.folder };
    // A pulumi of the user's own, beside it and without a note; and one that something of the run has started for the user.
    execa(join(runs.folder, "says"), ["own", join(runs.folder, "pulumi-with-plugin"), "own"], {
        env,
        reject: false,
        stdio: "ignore",
    });
    const run = await runs.start(
        [
            `export FOLDER="${runs.folder}"`,
            '"$FOLDER/says" plugin "$FOLDER/pulumi-resource-command" 60 &',
            '"$FOLDER/says" language "$FOLDER/pulumi-language-nodejs" &',
            '"$FOLDER/says" editor "$FOLDER/editor" 60 &',
            '"$FOLDER/says" inner "$FOLDER/pulumi-with-plugin" inner &',
            "exec sleep 60",
        ].join("\n"),
    );
    const gone = await Promise.all(["plugin", "language", "program"].map(pid));
    const kept = await Promise.all(["own", "own-plugin", "editor", "inner", "inner-plugin"].map(pid));
    await runs.next();
    assert.deepEqual(
        [...gone, ...kept].filter((process) => !lives(process)),
        [],
        "nothing is ended while the run works",
    );
    process.kill(run.pid, "SIGKILL");
    await run.ended;
    const { stderr } = await runs.next();
    assert.match(stderr, /a run of it was killed \(process \d+\); what it has left behind is ended/);
    assert.deepEqual(gone.map(lives), [false, false, false]);
    assert.deepEqual(kept.map(lives), [true, true, true, true, true]);
    assert.equal((await readdir(runs.temporary)).length, 1, "something of the run lives on, and may use its folder");
});

test("a killed run's pipes go with it, and those of another pulumi stay", async (t) => {
    const runs = await Runs.create(t);
    const others = await mkdtemp(join(runs.temporary, "pulumi-node-pipes"));
    const run = await runs.start(
        'mkdir "$TMPDIR/pulumi-node-pipes1"; mkfifo "$TMPDIR/pulumi-node-pipes1/invoke_req"; exec sleep 60',
    );
    while ((await readdir(runs.temporary, { recursive: true })).length < 4) await setTimeout(10);
    process.kill(run.pid, "SIGKILL");
    await run.ended;
    await runs.next();
    assert.deepEqual(await readdir(runs.temporary), [others.slice(runs.temporary.length + 1)]);
    await rm(others, { recursive: true });
});

test("no process is ended whose number a process of the killed run once had", async (t) => {
    const runs = await Runs.create(t);
    const other = execa(await program(runs.folder, "pulumi-resource-other"), ["60"], { reject: false });
    runs.atEnd(async () => {
        other.kill();
        await other;
    });
    await runs.next(`signal_each KILL "${other.pid} 1"; `);
    assert.ok(lives(other.pid ?? 0));
});
