import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { asRoot, asRootWhereFolder, quote } from "../../../components/remote/commandLine.ts";

suite("a command line", () => {
    for (const word of ["", "a b", "it's", "$HOME", "`id`", "a\nb", "\\", "-n", "; rm -rf ~", "a=b"]) {
        test(`gives a real shell back ${JSON.stringify(word)}`, async () => {
            const { stdout } = await execa("sh", ["-c", `printf %s ${quote(word)}; printf .`]);
            assert.equal(stdout, `${word}.`);
        });
    }

    test("of root needs no sudo", () => {
        assert.equal(asRoot("root", "sh", "-s", "create"), "exec sh -s create");
    });

    test("for delete does nothing where the folder is missing, and reads nothing where it is there", async () => {
        const folder = await mkdtemp(join(tmpdir(), "folder-"));
        try {
            await writeFile(join(folder, "remove.sh"), '#!/bin/sh\necho "$@"; cat\n', { mode: 0o755 });
            const there = await execa("sh", ["-c", asRootWhereFolder("root", folder, "remove.sh", "all", 300)], {
                input: "the old payload",
            });
            assert.equal(there.stdout, "all 300");
            const gone = await execa("sh", ["-c", asRootWhereFolder("root", `${folder}/no`, "remove.sh", "all")]);
            assert.equal(gone.stdout, "");
        } finally {
            await rm(folder, { recursive: true });
        }
    });
});
