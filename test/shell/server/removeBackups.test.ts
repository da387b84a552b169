import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pretendedMachine } from "./pretendedMachine.ts";

/** A server without anything but a backup, of which a file says that a repository has it. */
async function serverWith(offServer: string) {
    const nothing = { docker: "", "dpkg-query": "", "apt-cache": "exit 1", "apt-get": "", getent: "exit 0" };
    const server = await pretendedMachine(nothing);
    await server.put("backups/recall/20260101T120000Z/off-server", offServer);
    return server;
}

suite("a server that is removed", { skip: process.platform !== "linux" }, () => {
    test("goes when a repository has its backups", async () => {
        await using server = await serverWith("s3:https://s3.lab.example/backups\n0a1b\n");
        const { exitCode, stderr } = await server.run("./server remove keep");
        assert.equal(exitCode, 0, stderr);
    });

    test("stays when an earlier version has noted where the repository was, and not which", async () => {
        await using server = await serverWith("s3:https://s3.lab.example/backups");
        const { exitCode, stderr } = await server.run("./server remove keep");
        assert.equal(exitCode, 1);
        assert.match(stderr, /backups that exist only on this server: recall\/20260101T120000Z - fetch them with/);
    });
});
