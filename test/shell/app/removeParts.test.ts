import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { occupy, ScriptedApp, until } from "./appOnServer.ts";
import { appToRemove, removal } from "./appToRemove.ts";

const linux = { skip: process.platform !== "linux" };
const everything = ["containers", "database", "network", "volume"];

suite("a part of a removal", linux, () => {
    const parts = [["site"], ["release", "5"], ["database", "5"]];
    for (const [number, words] of parts.entries()) {
        test(`can be called again, and after those before it: ${words.join(" ")}`, async () => {
            await using server = await appToRemove();
            for (const part of [...parts.slice(0, number), words, words]) {
                const { exitCode, stderr } = await server.remove(...part);
                assert.equal(exitCode, 0, stderr);
            }
            const left = [everything, ["containers", "database"], ["containers"]][number];
            assert.deepEqual(await server.left(), left);
            assert.equal(server.app.has("database-made"), number < 2, "as long as it is there");
        });
    }

    test("that there is not is refused, with those that there are", async () => {
        await using server = await appToRemove();
        const { exitCode, stderr } = await server.remove("everything");
        assert.equal(exitCode, 1);
        assert.match(stderr, /site, schedule, release SECONDS, database SECONDS or all SECONDS$/);
        assert.deepEqual(await server.left(), everything);
    });

    test("has nothing to do where the app was claimed and nothing else came", async () => {
        const saving = "backup() { exit 9; }";
        await using app = await ScriptedApp.create({ docker: "", scripts: { "backup.sh": saving } });
        for (const words of [["site"], ["release", "5"], ["database"], ["all", "5"]]) {
            const { exitCode, stderr } = await app.start(...removal(...words));
            assert.deepEqual([exitCode, stderr], [0, ""]);
        }
        assert.deepEqual(await readdir(join(app.root, "apps")), []);
        assert.doesNotMatch((await app.calls()).join("\n"), /psql|image rm/);
    });

    test("leaves it at that where another run has removed the app meanwhile", async () => {
        await using server = await appToRemove();
        const { app } = server;
        const working = await occupy(app.folder);
        const run = app.start(...removal("all", "5"));
        await until(async () => (await app.latestRun()) !== "");
        await rename(app.folder, join(app.root, "removed"));
        await working[Symbol.asyncDispose]();
        const { exitCode, stderr } = await run;
        assert.equal(exitCode, 0);
        assert.match(stderr, /recall has been removed from this server while another command was waited for$/);
        assert.deepEqual(await server.left(), everything);
    });
});

suite("the removal of a release", linux, () => {
    test("takes nothing away, and the database neither, where no backup could be made", async () => {
        for (const words of [["release", "5"], ["database"], ["all", "5"]]) {
            await using server = await appToRemove({ saving: 'backup() { refuse "no backup"; }' });
            const { exitCode, stderr } = await server.remove(...words);
            assert.equal(exitCode, 1);
            assert.match(stderr, /no backup$/);
            assert.deepEqual(await server.left(), everything);
            assert.ok(server.app.has("releases/0123456789ab/image") && server.app.has("database-made"));
        }
    });

    for (const things of ["container", "volume", "network"]) {
        test(`ends where docker does not say which ${things}s there are: they would stay for ever`, async () => {
            await using server = await appToRemove();
            await writeFile(server.state("silent"), things);
            const { exitCode, stderr } = await server.remove("all", "5");
            assert.equal(exitCode, 1);
            assert.match(stderr, /Docker does not answer on this server/);
            assert.ok(server.app.has("releases/0123456789ab/image"));
            await rm(server.state("silent"));
            assert.equal((await server.remove("all", "5")).exitCode, 0);
        });
    }

    test("takes nothing away while PostgreSQL does not answer: the app may have data", async () => {
        await using server = await appToRemove();
        await writeFile(server.state("down"), "");
        const { exitCode, stderr } = await server.remove("all", "5");
        assert.equal(exitCode, 1);
        assert.match(stderr, /^PostgreSQL does not answer on this server: /m);
        assert.deepEqual(await server.left(), [...everything, "down"].toSorted());
    });

    test("takes Caddy out of the app's network before that goes, with all that has the app's label", async () => {
        await using server = await appToRemove();
        await server.remove("release", "5");
        const calls = await server.app.calls();
        const removed = calls.filter((call) => /^(container|volume|network) (rm|disconnect)/.test(call));
        assert.deepEqual(removed, [
            "container rm --force --volumes redis",
            "container rm --force --volumes pgbouncer",
            "volume rm dlgr-app-recall-redis",
            "network disconnect --force dlgr-app-recall dlgr-server-caddy",
            "network rm dlgr-app-recall",
        ]);
        const asked = calls.filter((call) => /^(container|volume|network) ls/.test(call));
        assert.ok(asked.every((call) => call.endsWith("--filter label=com.docker.compose.project=dlgr-app-recall")));
    });

    test("takes the pointer away that Caddy follows, and the releases with what they hold", async () => {
        await using server = await appToRemove();
        const upstream = join(server.app.root, "server/caddy/upstreams/recall");
        await mkdir(join(upstream, ".."));
        for (const file of [upstream, `${upstream}-too`]) await writeFile(file, "web:5000\n");
        for (const made of ["release-applied", "current"]) await server.app.put(made, "");
        await server.remove("release", "5");
        assert.deepEqual(await readdir(join(upstream, "..")), ["recall-too"]);
        const left = ["release-applied", "current", "releases/0123456789ab"].filter((made) => server.app.has(made));
        assert.deepEqual(left, []);
    });

    test("takes images away that no other app has or is about to have, and says which are in use", async () => {
        await using server = await appToRemove();
        const other = await server.app.beside("other");
        const images = { own: "own", theirs: "theirs", wanted: "wanted", busy: "used" };
        for (const [release, image] of Object.entries(images)) await server.app.put(`releases/${release}/image`, image);
        await server.app.put("image-wanted", "brought");
        await other.put("releases/0123456789ab/image", "theirs");
        await other.put("image-wanted", "wanted");
        const { exitCode, stderr } = await server.remove("release", "5");
        assert.equal(exitCode, 0);
        const removed = (await server.app.calls()).filter((call) => call.startsWith("image rm "));
        const expected = ["brought", "own", "registry.example/image@sha256:1", "used"];
        assert.deepEqual(
            removed.toSorted(),
            expected.map((image) => `image rm ${image}`),
        );
        assert.match(stderr, /^the image used is in use and stays$/m);
    });
});

suite("the removal of an app's folder", linux, () => {
    test("takes its files along, leaves what others have and the backup, and no empty shelf", async () => {
        await using server = await appToRemove();
        const { app } = server;
        const other = await app.beside("other");
        for (const name of ["recall", "other"]) await mkdir(join(app.root, "files", name), { recursive: true });
        await app.put("log/former/web.log.gz", "");
        assert.equal((await server.remove("all", "5")).exitCode, 0);
        assert.deepEqual(await readdir(join(app.root, "files")), ["other"]);
        assert.deepEqual(await readdir(join(app.root, "apps")), ["other"]);
        assert.deepEqual(await readdir(join(app.root, "backups")), ["recall"]);
        await mkdir(join(app.root, "backups/other"));
        assert.equal((await other.start(...removal("all", "5"))).exitCode, 0);
        assert.deepEqual(await readdir(join(app.root, "backups")), ["recall"]);
    });

    test("takes its user out of the group `docker`, where only this app has needed that", async () => {
        await using server = await appToRemove();
        const { app } = server;
        const programs = { getent: "exit 0", id: "echo deploy docker", gpasswd: 'echo "gpasswd $*" >>"$CALLS"' };
        for (const [name, text] of Object.entries(programs)) {
            await writeFile(join(app.root, "programs", name), `#!/bin/sh\n${text}\n`, { mode: 0o700 });
        }
        await app.put("docker-user", "deploy\n");
        await writeFile(join(app.root, "server/group-member"), "deploy\n");
        assert.equal((await server.remove("all", "5")).exitCode, 0);
        assert.ok((await app.calls()).includes("gpasswd -d deploy docker"));
        assert.ok(!existsSync(join(app.root, "server/group-member")));
    });

    test("ends a removal that has broken off between the folder's last name and its end", async () => {
        await using server = await appToRemove();
        const { app } = server;
        await mkdir(join(app.root, "apps/.removed-recall/bin"), { recursive: true });
        const { exitCode, stderr } = await server.remove("all", "5");
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(await readdir(join(app.root, "apps")), []);
        assert.equal(await readFile(server.state("containers"), "utf8"), "");
    });
});
