import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { asRoot, asRootWhereFolder } from "../../../components/remote/commandLine.ts";

suite("a command line", () => {
    test("of root needs no sudo", () => {
        assert.equal(asRoot("root", "sh", "-s", "create"), "exec sh -s create");
    });

    test("for delete does nothing where the folder is missing, and gives its script nothing to read where it is there", async () => {
        await using folder = await mkdtempDisposable(join(tmpdir(), "folder-"));
        await writeFile(join(folder.path, "remove.sh"), '#!/bin/sh\necho "$@"; cat\n', { mode: 0o755 });
        const line = asRootWhereFolder("root", folder.path, "remove.sh", "all", 300);
        const there = await execa("sh", ["-c", line], { input: "the old payload" });
        assert.equal(there.stdout, "all 300");
        const nowhere = asRootWhereFolder("root", `${folder.path}/no`, "remove.sh", "all");
        const gone = await execa("sh", ["-c", nowhere], { input: "the old payload" });
        assert.equal(gone.stdout, "");
    });

    test("for delete ends only when all of its input is taken: over a slow network a quick end is an `EOF` to the plugin", async () => {
        await using folder = await mkdtempDisposable(join(tmpdir(), "folder-"));
        const ended = execa("sh", ["-c", asRootWhereFolder("root", `${folder.path}/no`, "remove.sh", "all")], {
            stdin: "pipe",
        });
        const payload = "x".repeat(100_000);
        for (const part of [payload, payload]) {
            await new Promise((resolve, reject) => {
                ended.stdin.write(part, (error) => (error ? reject(error) : resolve(undefined)));
            });
            await setTimeout(100);
        }
        ended.stdin.end();
        assert.equal((await ended).exitCode, 0);
    });
});
