import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pretendedMachine } from "./pretendedMachine.ts";

/** A machine that knows every user, has them in a group of a name like `docker`, and keeps who is in that one in a file. */
const programs = {
    getent: '[ -e "$MACHINE/group" ]',
    id: `for user; do :; done; ! grep -qx "$user" "$MACHINE/gone" 2>/dev/null || { echo "no such user" >&2; exit 1; }
groups="$user dockerroot"; ! grep -qx "$user" "$MACHINE/group" || groups="$groups docker"; echo "$groups"`,
    usermod: `[ ! -e "$MACHINE/deadly" ] || { kill -9 "$PPID"; exit; }
for user; do :; done; echo "$user" >>"$MACHINE/group"`,
    gpasswd: `sed -i "/^$2\\$/d" "$MACHINE/group"`,
};

async function machineWith(members: string) {
    const machine = await pretendedMachine(programs);
    await machine.put("machine/group", members);
    const start = async () => await machine.run(". ./messages.sh; . ./server.sh; . ./group.sh; settle_docker_group");
    const settle = async () => {
        const { exitCode, stderr } = await start();
        assert.deepEqual([exitCode, stderr], [0, ""]);
        return await machine.read("machine/group");
    };
    return { ...machine, start, settle };
}

suite("the group `docker`, which is as good as root", { skip: process.platform !== "linux" }, () => {
    test("is joined by nobody as long as no app is built by the server", async () => {
        await using machine = await machineWith("");
        await machine.put("apps/recall/owner", "the-owner");
        assert.equal(await machine.settle(), "");
    });

    test("is joined by the user as whom docker builds, and left when no app is built so any more", async () => {
        await using machine = await machineWith("somebody\n");
        await machine.put("apps/recall/docker-user", "debian\n");
        await machine.put("apps/other/docker-user", "debian\n");
        for (const _ of ["once", "again"]) assert.equal(await machine.settle(), "somebody\ndebian\n");
        await machine.put("apps/other/docker-user", "");
        assert.equal(await machine.settle(), "somebody\ndebian\n");
        await machine.put("apps/recall/docker-user", "");
        assert.equal(await machine.settle(), "somebody\n");
        assert.ok(!machine.has("server/group-member"));
    });

    test("is left by a former user when another one logs in", async () => {
        await using machine = await machineWith("");
        await machine.put("apps/recall/docker-user", "debian\n");
        await machine.settle();
        await machine.put("apps/recall/docker-user", "deploy\n");
        assert.equal(await machine.settle(), "deploy\n");
    });

    test("is left by the user whom a former version of this program has let in, unless an app needs that", async () => {
        for (const [user, left] of [
            ["", ""],
            ["debian\n", "debian\n"],
        ] as const) {
            await using machine = await machineWith("debian\n");
            await machine.put("server/group-member", "debian\n");
            await machine.put("apps/recall/docker-user", user);
            assert.equal(await machine.settle(), left);
        }
    });

    test("is not left by who was in it before, and asked for nobody whom the machine does not know", async () => {
        await using machine = await machineWith("debian\n");
        await machine.put("apps/recall/docker-user", "debian\n");
        await machine.put("apps/other/docker-user", "gone\n");
        await machine.put("machine/gone", "gone\n");
        await machine.settle();
        await machine.put("apps/recall/docker-user", "");
        assert.equal(await machine.settle(), "debian\n");
    });
    test("is left by a user whom no app needs, whoever has a name that begins the same", async () => {
        await using machine = await machineWith("deb\n");
        await machine.put("server/group-member", "deb\n");
        await machine.put("apps/recall/docker-user", "debian\n");
        assert.equal(await machine.settle(), "debian\n");
    });

    test("is never joined by root, who needs no group", async () => {
        await using machine = await machineWith("");
        await machine.put("apps/recall/docker-user", "root\n");
        assert.equal(await machine.settle(), "");
    });

    test("is asked for nobody where there is none", async () => {
        await using machine = await machineWith("");
        await machine.put("apps/recall/docker-user", "debian\n");
        await machine.change('rm "$MACHINE/group"');
        assert.deepEqual([(await machine.start()).stderr, machine.has("server/group-member")], ["", false]);
    });

    test("is left as well by who has joined in a run that was killed at that moment", async () => {
        await using machine = await machineWith("");
        await machine.put("apps/recall/docker-user", "debian\n");
        await machine.put("machine/deadly", "");
        assert.equal((await machine.start()).signal, "SIGKILL");
        await machine.put("machine/group", "debian\n");
        await machine.put("apps/recall/docker-user", "");
        assert.equal(await machine.settle(), "");
    });

    test("is not asked for a user who has joined and is not on the machine any more", async () => {
        await using machine = await machineWith("");
        await machine.put("server/group-member", "gone\n");
        await machine.put("machine/gone", "gone\n");
        assert.equal(await machine.settle(), "");
        assert.ok(!machine.has("server/group-member"));
    });
});
