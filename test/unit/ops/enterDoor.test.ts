import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { enterDoor } from "../../../ops/enterDoor.ts";

/** Enters a door in a folder that has these programs, which print what they get. */
async function enter(programs: readonly string[], ...words: readonly string[]) {
    const folder = await mkdtemp(join(tmpdir(), "door-"));
    try {
        for (const name of programs)
            await writeFile(join(folder, name), '#!/bin/sh\nprintf "%s " "$(basename "$0")" "$@"; cat\n', {
                mode: 0o700,
            });
        const line = enterDoor(join(folder, "app"), "check", ...words);
        const { exitCode, stdout, stderr } = await execa("sh", ["-c", line], { reject: false, input: "sent" });
        return { exitCode, stdout, stderr };
    } finally {
        await rm(folder, { recursive: true });
    }
}

test("what is asked of a server goes in by its door, words and standard input as they are", async () => {
    const { stdout } = await enter(["app", "check.sh"], "a b", "it's");
    assert.equal(stdout, "app check a b it's sent");
});

test("a server that an earlier version has prepared is asked by the script that it has", async () => {
    const { stdout } = await enter(["check.sh"], "0123456789ab");
    assert.equal(stdout, "check.sh 0123456789ab sent");
});

test("one that has neither says what to do", async () => {
    const { exitCode, stderr } = await enter([]);
    assert.deepEqual([exitCode, /run `\.\/pulumi up` in its stack first/.test(stderr)], [1, true]);
});
