import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { suite, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { placeDoor, serverFolder, writeBackup } from "../serverScripts.ts";

const name = "20260101T120000Z";
const other = "20251231T235959Z";
/** Of this machine. */
const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

suite("the claim of an app", { skip: process.platform !== "linux" }, () => {
    /** Runs the claim with a payload that names the backup, if there is one. */
    async function claim(root: string, archive: string, programs = "") {
        const payload = join(root, "payload");
        await rm(payload, { recursive: true, force: true });
        await placeDoor(root, join(payload, "bin"), "app");
        const values = {
            ...{ name: "newcomer", server: "the-id", platform, owner: "the-owner" },
            ...(archive !== "" && { archive }),
        };
        for (const [file, text] of Object.entries(values)) await writeFile(join(payload, file), text);
        const { exitCode, stderr } = await execa(join(payload, "bin/claim.sh"), ["create", payload], {
            env: { PATH: `${programs}:${process.env.PATH}` },
            reject: false,
        });
        return { exitCode, stderr, made: existsSync(join(root, "apps/newcomer")) };
    }

    test("makes nothing where the backup is missing or damaged, and asks for it only once", async () => {
        await using server = await serverFolder();
        const backup = join(server.root, "backups/newcomer", name);
        const missing = await claim(server.root, name);
        assert.match(missing.stderr, /^the backup newcomer\/\S+ .* is not on this server/);
        await writeBackup(backup, { "database.dump": "dump", rows: "" });
        await writeFile(join(backup, "rows"), "participant 1\n");
        const damaged = await claim(server.root, name);
        assert.match(damaged.stderr, /is damaged/);
        assert.deepEqual([missing.made, damaged.made], [false, false]);
        await writeFile(join(backup, "rows"), "");
        assert.deepEqual(await claim(server.root, name), { exitCode: 0, stderr: "", made: true });
        assert.equal((await claim(server.root, other)).exitCode, 0);
    });

    test("changes nothing on a server that an earlier release has prepared, and says what comes first", async () => {
        await using server = await serverFolder(1);
        const { exitCode, stderr, made } = await claim(server.root, "");
        assert.deepEqual([exitCode, made], [1, false]);
        assert.match(stderr, /^an earlier release .*: run `\.\/pulumi up` in the server's stack first$/);
    });

    test("takes no app on a server whose removal has begun meanwhile: nothing could remove that app", async () => {
        await using server = await serverFolder();
        const flock = join(server.root, "programs/flock");
        await mkdir(dirname(flock));
        const removing = `[ "$*" != "-w 10 7" ] || rm "${server.root}/server/layout.json"`;
        await writeFile(flock, `#!/bin/sh\n${removing}\nPATH=\${PATH#*:} exec flock "$@"\n`, { mode: 0o700 });
        const { exitCode, stderr, made } = await claim(server.root, "", dirname(flock));
        assert.deepEqual([exitCode, made], [1, false]);
        assert.match(stderr, /^this server is not prepared/);
    });

    test("takes the superuser's way into the app's database away, which its former scripts have had", async () => {
        await using server = await serverFolder();
        const lines = ["newcomer", "newcomer-too"].map((app) => `local "app_${app}","check_${app}" postgres peer\n`);
        const file = join(server.root, "server/postgres/former_apps.conf");
        await mkdir(dirname(file));
        await writeFile(file, lines.join(""));
        const docker = join(server.root, "programs/docker");
        await mkdir(dirname(docker));
        await writeFile(docker, `#!/bin/sh\ncat >"${server.root}/asked"\n`, { mode: 0o700 });
        assert.deepEqual(await claim(server.root, "", dirname(docker)), { exitCode: 0, stderr: "", made: true });
        assert.equal(await readFile(file, "utf8"), lines[1]);
        assert.match(await readFile(join(server.root, "asked"), "utf8"), /pg_reload_conf\(\)/);
    });

    test("does not begin anew an app that has left: with the same id it would be launched again", async () => {
        await using server = await serverFolder();
        // The latest is the one that came last, whatever another server's clock has called it.
        for (const backup of [name, other]) {
            await writeBackup(join(server.root, "backups/newcomer", backup), { owner: "the-owner" });
            await setTimeout(20); // a file's time of change is no finer than the kernel's ticks
        }
        const { stderr, made } = await claim(server.root, "");
        assert.match(
            stderr,
            new RegExp(`its data are in the backup ${other}: .* 'dallinger:experiment.archive' ${other}`),
        );
        assert.equal(made, false);
    });

    test("lets another app of the same name begin with nothing", async () => {
        await using server = await serverFolder();
        await writeBackup(join(server.root, "backups/newcomer", name), { owner: "a-former-owner" });
        assert.deepEqual(await claim(server.root, ""), { exitCode: 0, stderr: "", made: true });
    });

    test("of a name that a killed `up` of another stack has claimed says how to give that up", async () => {
        await using server = await serverFolder();
        const { root } = server;
        const folder = join(root, "apps/newcomer");
        await claim(root, "");
        await writeFile(join(folder, "owner"), "somebody else");
        const taken = await claim(root, "");
        assert.equal(taken.exitCode, 1);
        assert.match(taken.stderr, /^nothing was ever deployed behind that claim: .*`sudo \S+bin\/app remove all 0`/);
        assert.match(taken.stderr, /the name newcomer is taken on this server by another stack/);
        for (const deployed of ["database-made", "backup", "releases"]) {
            await mkdir(join(folder, deployed));
            assert.doesNotMatch((await claim(root, "")).stderr, /nothing was ever deployed/, deployed);
            await rm(join(folder, deployed), { recursive: true });
        }
    });
});
