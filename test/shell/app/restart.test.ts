import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ScriptedApp } from "./appOnServer.ts";

/**
 * A docker whose containers are the lines "ID SERVICE" of $STATE/containers. With $STATE/deadly it kills who has started something, and
 * with $STATE/sick nothing that is new gets healthy. What is in $STATE/stuck does not restart.
 */
const docker = `
there=$STATE/containers
service=$(printf '%s' "$*" | sed -n 's/.*compose.service=\\([a-z]*\\).*/\\1/p')
for last; do :; done
case $* in
"ps -q --no-trunc "*) name=\${last#name=^/}; grep -q "^\${name%?} " "$there" && echo "\${name%?}" ;;
"ps -aq "*) sed -n "s/ $service$//p" "$there" ;;
"ps -a "*) sed -n "s/ $service$/ $service-hash/p" "$there" ;;
"inspect --format {{.State.Running}} {{if"*)
    shift 3
    for id; do
        case $id in new*) [ ! -e "$STATE/sick" ] || { echo "true unhealthy 1"; continue; } ;; esac
        ! grep -qsx "$id" "$STATE/ended" || { echo "true unhealthy 1"; continue; }
        echo "true healthy 0"
    done
    ;;
"inspect --format {{.State.Running}}"*) echo true ;;
"inspect --format {{.State.Pid}}"*) echo 0 ;;
"inspect --format {{.Name}}"*) echo "/$last" ;;
"restart "*) ! grep -qsx "$last" "$STATE/stuck" ;;
"inspect --format {{range"*) echo dlgr-app-recall ;;
"compose "*" up "*--scale*)
    for wanted in $(printf '%s\\n' "$*" | grep -o '[a-z]*=[0-9]*'); do
        while [ "$(grep -c " \${wanted%=*}$" "$there")" -lt "\${wanted#*=}" ]; do
            number=$(($(cat "$STATE/number" 2>/dev/null || echo 0) + 1))
            echo "$number" >"$STATE/number"
            echo "new$number \${wanted%=*}" >>"$there"
        done
    done
    [ ! -e "$STATE/deadly" ] || { rm "$STATE/deadly"; kill -9 "$PPID"; }
    ;;
"container rm "*) shift 4; for id; do flock "$STATE" sed -i "/^$id /d" "$there"; done ;;
esac`;

async function ground(containers = "oldweb web\noldworker worker\nthe-clock clock\nthe-redis redis\n") {
    const app = await ScriptedApp.create({ docker });
    await app.put("../../state/containers", containers);
    await app.put("../../server/caddy/upstreams/recall", "oldweb:5000\n");
    await app.put(
        "releases/0123456789ab/services",
        "redis redis-hash 1\nweb web-hash 1\nworker worker-hash 1\nclock clock-hash 1\n",
    );
    await app.put("releases/0123456789ab/secrets", "a secret\n");
    await app.link("current", "releases/0123456789ab");
    await writeFile(join(app.root, "programs/sleep"), "#!/bin/sh\n", { mode: 0o700 });
    const there = async () => (await app.read("../../state/containers")).split("\n").toSorted();
    const restart = (...processes: string[]) => app.start("restart", ["60", "5", ...processes]);
    return { app, there, restart, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

suite("a restart", { skip: process.platform !== "linux" }, () => {
    test("has a new web and workers take over, then ends the others; the clock restarts where it is", async () => {
        await using played = await ground();
        const { exitCode, stdout, stderr } = await played.restart();
        assert.deepEqual([exitCode, stdout], [0, "restarted web worker clock\nend"], stderr);
        assert.deepEqual(await played.there(), ["new1 web", "new2 worker", "the-clock clock", "the-redis redis"]);
        assert.equal(await played.app.read("../../server/caddy/upstreams/recall"), "new1:5000");
        const calls = await played.app.calls();
        assert.deepEqual(
            calls.filter((call) => call.startsWith("restart ")),
            ["restart the-clock"],
        );
        assert.ok(calls.includes("stop --time 60 oldworker"), "a worker finishes its job");
        assert.ok(!played.app.has("restart-started"));
    });

    test("leaves alone what is not named", async () => {
        await using played = await ground();
        assert.equal((await played.restart("worker")).exitCode, 0);
        assert.deepEqual(await played.there(), ["new1 worker", "oldweb web", "the-clock clock", "the-redis redis"]);
        assert.equal((await played.restart("redis")).exitCode, 0);
        const calls = await played.app.calls();
        assert.deepEqual(
            calls.filter((call) => call.startsWith("restart ")),
            ["restart the-redis"],
        );
        assert.equal((await played.there()).length, 4);
    });

    test("that is killed goes on where it was, and starts nothing twice", async () => {
        await using played = await ground();
        await played.app.put("../../state/deadly", "");
        assert.notEqual((await played.restart()).exitCode, 0);
        assert.deepEqual((await played.there()).length, 6);
        const { exitCode, stderr } = await played.restart();
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(await played.there(), ["new1 web", "new2 worker", "the-clock clock", "the-redis redis"]);
    });

    test("that is killed does not take a worker for a good one that it has started and never seen healthy", async () => {
        await using played = await ground();
        await played.app.put("../../state/deadly", "");
        await played.restart();
        await played.app.put("../../state/ended", "new2\n");
        const { exitCode, stderr } = await played.restart();
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(await played.there(), ["new1 web", "new3 worker", "the-clock clock", "the-redis redis"]);
        const calls = await played.app.calls();
        const removed = calls.indexOf("container rm --force --volumes new2");
        assert.ok(removed > 0 && removed < calls.findIndex((call) => call.startsWith("stop ")), calls.join("\n"));
    });

    test("whose new web does not get healthy leaves everything as it was", async () => {
        await using played = await ground();
        const before = await played.there();
        await played.app.put("../../state/sick", "");
        const { exitCode, stderr } = await played.restart();
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /a container of the release ends by itself: .* What has not restarted goes on; .* repeat the command$/m,
        );
        assert.deepEqual(await played.there(), before);
        assert.equal(await played.app.read("../../server/caddy/upstreams/recall"), "oldweb:5000");
    });

    for (const [named, kept] of [
        ["web", "oldworker worker"],
        ["worker", "oldweb web"],
    ] as const) {
        test(`of the ${named} alone that does not get healthy leaves what was not to restart`, async () => {
            await using app = await ground();
            await app.app.put("../../state/sick", "");
            const { exitCode } = await app.restart(named);
            assert.equal(exitCode, 1);
            assert.ok((await app.there()).includes(kept), (await app.there()).join("\n"));
        });
    }

    test("whose clock does not restart leaves the new web and workers serving", async () => {
        await using played = await ground();
        await played.app.put("../../state/stuck", "the-clock\nthe-redis\n");
        const { exitCode, stderr } = await played.restart();
        assert.equal(exitCode, 1);
        assert.match(stderr, /clock does not restart: /);
        assert.deepEqual(await played.there(), ["new1 web", "new2 worker", "the-clock clock", "the-redis redis"]);
        assert.equal(await played.app.read("../../server/caddy/upstreams/recall"), "new1:5000");
        const redis = await played.restart("redis");
        assert.match(redis.stderr, /redis does not restart: .* repeat the command$/m);
        assert.equal((await played.there()).length, 4);
    });

    test("is refused of what is not there, or not whole", async () => {
        await using played = await ground();
        for (const name of ["pgbouncer", "browser", "../x"])
            assert.equal((await played.restart(name)).exitCode, 1, name);
        assert.equal((await played.app.start("restart", ["x", "5"])).exitCode, 1);
        await played.app.put("backup", "/somewhere");
        assert.match((await played.restart()).stderr, /a removal of recall was broken off, and nothing of it restarts/);
        assert.equal((await played.there()).length, 4);
        assert.ok(!(await played.app.calls()).some((call) => /compose|restart|stop/.test(call.split(" ")[0] ?? "")));
    });
});
