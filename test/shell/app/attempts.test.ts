import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { type PayloadFile, renderPayload } from "../../../components/remote/payload.ts";
import { occupy, ScriptedApp, until } from "./appOnServer.ts";

/** Docker that has no image, and pulls each for as long as there is a file $STATE/pulls. */
const docker = `
case "$*" in
"image inspect --format {{.Os}}"* | "version "*) echo linux/amd64 ;;
"image inspect --format"*) echo ;;
"image inspect "*) exit 1 ;;
*pull*) while [ -e "$STATE/pulls" ]; do sleep 0.05; done; [ ! -e "$STATE/refuses" ] ;;
esac`;

/** A release serves as soon as it is written, and an app has a database with tables. */
const scripts = {
    "switch.sh": 'switch_to_release() { ln -sfn "releases/$release_id" "$folder/current"; }',
    "stores.sh": "start_stores() { :; }",
    "space.sh": "require_space() { :; }",
    "tables.sh": "count_tables() { echo 3; }",
};

/** What is in a release's payload. `word` is what its containers are told. */
function releaseOf(word: string): PayloadFile[] {
    const files = {
        ...{ "compose.yaml": "compose", "environment.yaml": word, services: "web hash 1", secrets: "secret" },
        ...{ image: "registry.example/image@sha256:1", "record.json": `{\n  "stack": "${word}",\n}`, keep: "5" },
        ...{ "workers-timeout": "1", "healthy-within": "1", "free-space": "1", "login/config.json": "the login" },
    };
    return Object.entries(files).map(([path, content]) => ({ path, content: `${content}\n` }));
}

function checksumOf(files: readonly PayloadFile[]): string {
    return renderPayload(files).trimEnd().split(" ").at(-1) ?? "";
}

async function ground() {
    const app = await ScriptedApp.create({ docker, scripts });
    const state = (name: string) => join(app.root, "state", name);
    return {
        app,
        release: (word: string) => app.start("release", [], releaseOf(word)),
        /** Has every pull wait until `pull` is called. */
        hold: async () => await writeFile(state("pulls"), ""),
        pull: async () => await rm(state("pulls")),
        refusePulls: async () => await writeFile(state("refuses"), ""),
        pulling: async () => await until(async () => (await app.calls()).some((call) => call.includes("pull"))),
        /** The run that has come after another one. */
        announced: async (before: string) => {
            await until(async () => (await app.latestRun()) !== before);
            return await app.latestRun();
        },
        waiting: async (runs: number) => await until(async () => (await app.payloads()).length >= runs),
        [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
    };
}

suite("a deployment that was lost and is repeated", { skip: process.platform !== "linux" }, () => {
    test("applies what it has brought itself, and the next one what that has: neither stamps the other's", async () => {
        await using server = await ground();
        const { app } = server;
        await server.hold();
        const lost = server.release("former");
        await server.pulling();
        const next = server.release("next");
        await server.waiting(2);
        await server.pull();
        const former = await lost;
        assert.equal(former.exitCode, 0, former.stderr);
        assert.equal(await app.read(`releases/${former.stdout}/environment.yaml`), "former");
        const { exitCode, stdout, stderr } = await next;
        assert.equal(exitCode, 0, stderr);
        assert.equal(await app.read("current/environment.yaml"), "next");
        assert.notEqual(stdout, former.stdout);
        assert.equal(await app.read("release-applied"), checksumOf(releaseOf("next")));
        assert.deepEqual(await app.payloads(), []);
    });

    test("does not come back after a later one, whichever of them gets its turn first", async () => {
        await using server = await ground();
        const { app } = server;
        const working = await app.occupy();
        const lost = server.release("former");
        const first = await server.announced("");
        const next = server.release("next");
        await server.announced(first);
        await working[Symbol.asyncDispose]();
        const [former, latter] = await Promise.all([lost, next]);
        assert.equal(former.exitCode, 1);
        assert.match(former.stderr, /a later command has come while this one waited: this one has changed nothing/);
        assert.equal(latter.exitCode, 0, latter.stderr);
        assert.equal(await app.read("current/environment.yaml"), "next");
    });

    test("does not deploy again an app whose removal has come meanwhile", async () => {
        await using server = await ground();
        const { app } = server;
        const working = await app.occupy();
        const lost = server.release("former");
        await server.announced("");
        await rm(app.folder, { recursive: true });
        await working[Symbol.asyncDispose]();
        const { exitCode, stderr } = await lost;
        assert.equal(exitCode, 1);
        assert.match(stderr, /recall has been removed from this server while another command was waited for/);
        assert.ok(!existsSync(app.folder));
    });

    test("waits for a script of the first version, which holds the server's lock", async () => {
        await using server = await ground();
        const working = await occupy(join(server.app.root, "server/lock"));
        const next = server.release("next");
        await once(next.stderr, "data");
        assert.ok(!server.app.has("current"));
        await working[Symbol.asyncDispose]();
        const { exitCode, stderr } = await next;
        assert.equal(exitCode, 0, stderr);
        assert.match(stderr, /another deployment is working on this server: waiting for it/);
    });
});

suite("what a deployment brings to the server", { skip: process.platform !== "linux" }, () => {
    test("is gone when it fails", async () => {
        await using server = await ground();
        await server.refusePulls();
        const { exitCode, stderr } = await server.release("refused");
        assert.equal(exitCode, 1);
        assert.match(stderr, /pulling registry/);
        assert.deepEqual(await server.app.payloads(), []);
    });

    test("is gone when it is told to end", async () => {
        await using server = await ground();
        await server.hold();
        const run = server.release("ended");
        await server.pulling();
        run.kill("SIGTERM");
        await server.pull();
        assert.equal((await run).exitCode, 143);
        assert.deepEqual(await server.app.payloads(), []);
    });

    test("is swept by the next one when it was killed, and what the first version's scripts have left", async () => {
        await using server = await ground();
        const { app } = server;
        await app.put("incoming-release/login/config.json", "the login");
        await app.put("incoming-site/urls", "");
        await server.hold();
        const run = server.release("killed");
        await server.pulling();
        run.kill("SIGKILL");
        await run;
        assert.equal((await app.payloads()).length, 1);
        await server.pull();
        const { exitCode, stderr } = await server.release("next");
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(await app.payloads(), []);
        assert.deepEqual([app.has("incoming-release"), app.has("incoming-site")], [false, false]);
    });

    test("is not swept while its run waits for its turn", async () => {
        await using server = await ground();
        const { app } = server;
        const ticks = (await readFile(`/proc/${process.pid}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ")[19];
        const waits = `payloads/${process.pid}.${ticks}`;
        await app.put(`${waits}/environment.yaml`, "of this very process");
        await app.put(`payloads/${process.pid}.1/environment.yaml`, "of a former one of its number");
        assert.equal((await server.release("next")).exitCode, 0);
        assert.deepEqual(await app.payloads(), [`${process.pid}.${ticks}`]);
    });

    test("is read to its end where there is no room for it: who sends it has to see why it fails", async () => {
        await using server = await ground();
        const receive = [
            `. ${server.app.path("bin/receive.sh")}`,
            "full=",
            'cat() { if [ -z "$full" ]; then full=1; echo "No space left on device" >&2; return 1; fi; command cat; }',
            `receive ${server.app.path("payloads/none")}`,
        ];
        const send =
            'exec 3>&1; { head -c 3000000 /dev/zero && echo sent >&3; } | sh -euc "$1" 3>&- || echo "ended with $?"';
        const { stdout, stderr } = await execa("sh", ["-c", send, "sh", receive.join("\n")], { reject: false });
        assert.deepEqual(
            [stdout.split("\n").toSorted(), stderr],
            [["ended with 1", "sent"], "No space left on device"],
        );
    });
});
