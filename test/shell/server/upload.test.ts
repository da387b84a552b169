import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { placeDoor, serverFolder, writeBackup } from "../serverScripts.ts";

const files = { "database.dump": "the dump", rows: "participant 3\n" };
const name = "recall/20260101T120000Z";

/** A server that takes a backup, and the operator's copy of one. */
async function ground() {
    const { root, ...disposable } = await serverFolder();
    await placeDoor(root, join(root, "server/bin"), "server");
    const copy = join(root, "copy");
    await writeBackup(copy, files);
    const shelf = join(root, "backups");
    /** Sends the copy, or the first bytes of it. */
    const send = async (bytes?: number, size = 1000) => {
        const packed = await execa("tar", ["-C", copy, "-cf", "-", "."], { encoding: "buffer" });
        const input = packed.stdout.subarray(0, bytes);
        return await execa(join(root, "server/bin/server"), ["upload", name, String(size)], { input, reject: false });
    };
    return { copy, shelf, target: join(shelf, name), send, ...disposable };
}

suite("a backup that is sent to a server", { skip: process.platform !== "linux" }, () => {
    test("is there when all of it has arrived, and counts as fetched", async () => {
        await using server = await ground();
        const { exitCode, stderr } = await server.send();
        assert.deepEqual([exitCode, stderr], [0, ""]);
        assert.deepEqual((await readdir(server.target)).toSorted(), ["SHA256SUMS", "database.dump", "fetched", "rows"]);
        assert.deepEqual(await readdir(join(server.shelf, "recall")), ["20260101T120000Z"]);
    });

    for (const bytes of [0, 600, 1024, 3000]) {
        test(`leaves nothing when it is cut after ${bytes} bytes`, async () => {
            await using server = await ground();
            const { exitCode, stderr } = await server.send(bytes);
            assert.equal(exitCode, 1);
            assert.match(stderr, /nothing of it is kept: repeat the command$/);
            assert.deepEqual(await readdir(server.shelf), []);
        });
    }

    test("is refused when a file is not what its checksum says", async () => {
        await using server = await ground();
        await writeFile(join(server.copy, "rows"), "participant 4\n");
        const { exitCode, stderr } = await server.send();
        assert.deepEqual(
            [exitCode, stderr],
            [1, "the backup has not arrived as its checksums say, and nothing of it is kept: repeat the command"],
        );
        assert.deepEqual(await readdir(server.shelf), []);
    });

    test("takes the place of the same one that was damaged there", async () => {
        await using server = await ground();
        await server.send();
        await writeFile(join(server.target, "database.dump"), "the dimp");
        assert.equal((await server.send()).exitCode, 0);
        assert.equal(await readFile(join(server.target, "database.dump"), "utf8"), "the dump");
    });

    test("does not say that a repository has it, which may have forgotten it since it was fetched", async () => {
        await using server = await ground();
        await writeFile(join(server.copy, "off-server"), "s3:https://s3.lab.example/backups\n0a1b\n");
        assert.equal((await server.send()).exitCode, 0);
        assert.ok(!existsSync(join(server.target, "off-server")));
    });

    test("never takes the place of another one", async () => {
        await using server = await ground();
        await writeBackup(server.target, { ...files, rows: "participant 2\n" });
        const { exitCode, stderr } = await server.send();
        assert.equal(exitCode, 1);
        assert.match(stderr, /is another backup than the one that was sent: move it away there/);
        assert.equal(await readFile(join(server.target, "rows"), "utf8"), "participant 2\n");
        assert.deepEqual(await readdir(join(server.shelf, "recall")), ["20260101T120000Z"]);
    });

    test("is not begun where there is too little room", async () => {
        await using server = await ground();
        const { exitCode, stderr } = await server.send(undefined, 2 ** 60);
        assert.equal(exitCode, 1);
        assert.match(stderr, /needs twice as much room on the server, where \d+ MiB are free/);
        assert.deepEqual(await readdir(server.shelf), []);
    });

    test("is refused while another one is on its way to the same place", async () => {
        await using server = await ground();
        const shelf = join(server.shelf, "recall");
        await mkdir(shelf);
        const sending = execa("flock", ["--no-fork", shelf, "sh", "-c", "echo; exec sleep 60"], { reject: false });
        try {
            await once(sending.stdout, "data");
            const { stderr } = await server.send();
            assert.match(stderr, /somebody else is sending a backup to \S+ at this moment/);
            assert.equal(existsSync(server.target), false);
        } finally {
            sending.kill("SIGKILL");
            await sending;
        }
    });
});
