import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { placeScripts, serverFolder } from "../serverScripts.ts";

suite("room for an image", { skip: process.platform !== "linux" }, () => {
    /** What is said before 2 GiB are pulled, by what `df` prints. */
    async function refusal(df: string): Promise<{ exitCode?: number | undefined; stderr: string }> {
        await using server = await serverFolder();
        const programs = join(server.root, "programs");
        await placeScripts(server.root, programs, "shared/messages.sh", "shared/server.sh", "app/space.sh");
        await mkdir(programs, { recursive: true });
        for (const [name, lines] of Object.entries({ docker: "exit 1", du: "exit 1", df })) {
            await writeFile(join(programs, name), `#!/bin/sh\n${lines}\n`, { mode: 0o700 });
        }
        const text = '. "$1/messages.sh"; . "$1/server.sh"; . "$1/space.sh"; require_space 2048 "pulling an image"';
        const env = { PATH: `${programs}:${process.env.PATH}` };
        return await execa("sh", ["-euc", text, "sh", programs], { env, reject: false });
    }

    test("the refusal is told where the server keeps no journal and docker no account of its disk", async () => {
        const { exitCode, stderr } = await refusal("echo Avail; echo 5242880");
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /^what could be pruned there:\npulling an image needs more room: 5 MiB are free in \/var\/lib\/docker/,
        );
    });

    test("there is enough of it, and nothing is said", async () => {
        const { exitCode, stderr } = await refusal("echo Avail; echo 2147483648");
        assert.deepEqual([exitCode, stderr], [0, ""]);
    });

    test("no answer is not taken for enough of it", async () => {
        const { exitCode, stderr } = await refusal("exit 1");
        assert.equal(exitCode, 1);
        assert.match(stderr, /^it cannot be read on the server how much is free in \/var\/lib\/docker: `df /);
    });
});
