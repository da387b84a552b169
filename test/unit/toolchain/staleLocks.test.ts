import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";

const script = join(import.meta.dirname, "../../../toolchain/staleLocks.sh");
const gone = 2 ** 22 - 3;

test("only the locks of killed processes of this machine are removed", async () => {
    const backend = await mkdtemp(join(tmpdir(), "locks-"));
    try {
        const folder = join(backend, ".pulumi/locks/organization/dallinger/lab1");
        await mkdir(folder, { recursive: true });
        const lock = (name: string, pid: number | undefined, host: string) =>
            writeFile(
                join(folder, `${name}.json`),
                JSON.stringify({ pid, username: "root", hostname: host, timestamp: "2026-01-01T00:00:00Z" }),
            );
        await lock("killed", gone, hostname());
        await lock("elsewhere", gone, "another-machine");
        await lock("reused", process.pid, hostname());
        const command = `. "$1"; clear_stale_locks "$2"`;
        const { stderr } = await execa("sh", ["-c", command, "sh", script, `file://${backend}`]);
        assert.deepEqual((await readdir(folder)).toSorted(), ["elsewhere.json"]);
        assert.match(stderr, new RegExp(`was killed \\(process ${gone}\\); its lock is removed`));
        await execa("sh", ["-c", command, "sh", script, "s3://bucket"]);
    } finally {
        await rm(backend, { recursive: true });
    }
});

test("the lock of a pulumi that works stays", async () => {
    const backend = await mkdtemp(join(tmpdir(), "locks-"));
    const program = join(backend, "pulumi");
    await execa("cp", [(await execa("sh", ["-c", "command -v sleep"])).stdout, program]);
    const working = execa(program, ["60"], { reject: false });
    try {
        const folder = join(backend, ".pulumi/locks/lab1");
        await mkdir(folder, { recursive: true });
        const text = JSON.stringify({ pid: working.pid, username: "root", hostname: hostname() });
        await writeFile(join(folder, "held.json"), text);
        await execa("sh", ["-c", `. "$1"; clear_stale_locks "$2"`, "sh", script, `file://${backend}`]);
        assert.deepEqual(await readdir(folder), ["held.json"]);
    } finally {
        working.kill();
        await working;
        await rm(backend, { recursive: true });
    }
});
