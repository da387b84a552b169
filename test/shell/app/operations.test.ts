import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { execa } from "execa";
import { ScriptedApp, until } from "./appOnServer.ts";

/** A server on which web and worker of an app run, and which says what it is asked for; $STATE/quiet has nothing run. */
const docker = `
case "$*" in
"ps -q --no-trunc"*name=*) [ -e "$STATE/quiet" ] || echo the-serving-web ;;
"ps -aq"*service=worker*) [ -e "$STATE/quiet" ] || echo a-worker ;;
"ps -aq"*service=web*) [ -e "$STATE/quiet" ] || echo a-web ;;
"ps -aq"*) ;;
"inspect --format {{.State.Pid}}"*) echo "$PPID /dlgr-app-recall-web-1" ;;
"ps -q --filter label="*) [ -e "$STATE/quiet" ] || printf 'web\\nworker\\n' ;;
"inspect --format {{.State.Running}}"*) echo true ;;
"exec "*" -i the-serving-web false"*) exit 3 ;;
"exec "*" -i the-serving-web leave") DALLINGER_ATTENDED=\${3#*=} sleep 300 >/dev/null 2>&1 & ;;
"exec "*" -i a-worker cat"*) cat ;;
"exec "*" -it -e TERM="*) echo "$*" ;;
"exec "*"psql -X -w"*) echo "$*" ;;
"exec "*"FROM pg_database"*) ;;
"exec -i -u postgres"*) cat >/dev/null; echo 1 ;;
"exec "*pg_dump*) echo PGDMP ;;
"stats "*) for id in web worker; do echo "{\\"Name\\":\\"$id\\"}"; done ;;
esac`;

async function ground() {
    const app = await ScriptedApp.create({ docker });
    await app.put("../../server/caddy/upstreams/recall", "dlgr-app-recall-web-1:5000\n");
    return app;
}

suite("an app that runs", { skip: process.platform !== "linux" }, () => {
    test("has a program run in the process that is named, which reads what comes", async () => {
        await using app = await ground();
        const { stdout, stderr } = await app.send("app", ["exec", "worker", "cat"], "what it reads");
        assert.equal(stdout, "what it reads", stderr);
    });

    test("has it run in the web that serves, once, and with its status", async () => {
        await using app = await ground();
        const { exitCode } = await app.send("app", ["exec", "web", "false"], "");
        assert.equal(exitCode, 3);
        const calls = await app.calls();
        assert.equal(calls.filter((call) => /^exec -e \S+ -i the-serving-web false$/.test(call)).length, 1);
    });

    test("says which process does not run", async () => {
        await using app = await ground();
        await app.put("../../state/quiet", "");
        for (const process_ of ["web", "clock"]) {
            const { exitCode, stderr } = await app.send("app", ["exec", process_, "true"], "");
            assert.deepEqual([exitCode, stderr.startsWith(`no ${process_} of recall runs`)], [1, true], stderr);
        }
    });

    test("has a shell at a terminal, with what that is called", async () => {
        await using app = await ground();
        const { stdout } = await app.send("app", ["shell", "worker"], "");
        assert.match(stdout, /^exec -e \S+ -it -e TERM=\S+ a-worker sh -c .*exec bash; else exec sh; fi$/);
    });

    test("has psql in its own database, as its own role, which reads unless it is to write", async () => {
        await using app = await ground();
        const ask = async (...args: string[]) => await app.send("app", ["psql", ...args], "");
        assert.equal((await ask("read", "stream")).exitCode, 1, "no database of its own");
        await app.put("database-made", "");
        const read = await ask("read", "stream", "-c", "SELECT 'a b'", "-d", "postgres", "-U", "postgres");
        assert.match(
            read.stdout,
            /^exec -e \S+ -i -u nobody -e PGUSER=app_recall -e PGDATABASE=app_recall -e PGOPTIONS=/,
        );
        assert.match(
            read.stdout,
            / -c default_transaction_read_only=on dlgr-server-postgres psql -X -w -v ON_ERROR_STOP=1 /,
        );
        assert.match(read.stdout, / -d app_recall -U app_recall$/);
        const write = await ask("write", "terminal");
        assert.match(write.stdout, /^exec -e \S+ -it -e TERM=\S+ -e PSQL_HISTORY=\/dev\/null -u nobody /);
        assert.doesNotMatch(write.stdout, /read_only=on|ON_ERROR_STOP/);
        assert.match((await ask("drop", "stream")).stderr, /^psql read or write/);
    });

    test("prints what its own containers use, and nothing where none runs", async () => {
        await using app = await ground();
        assert.equal((await app.start("stats")).stdout, '{"Name":"web"}\n{"Name":"worker"}');
        await app.put("../../state/quiet", "");
        const { exitCode, stdout } = await app.start("stats");
        assert.deepEqual([exitCode, stdout], [0, ""]);
        assert.equal((await app.calls()).filter((call) => call.startsWith("stats")).length, 1);
    });

    test("counts the connections that its webs have taken, before and after, by the kernel's word", async () => {
        await using app = await ground();
        const { stdout, stderr } = await app.start("stats", ["--counted"]);
        const [before = "", web = "", worker = "", after = ""] = stdout.split("\n");
        assert.match(before, /^accepted dlgr-app-recall-web-1 \d+ \d+\.\d+$/, stderr);
        assert.deepEqual([web, worker], ['{"Name":"web"}', '{"Name":"worker"}']);
        assert.match(after, /^accepted dlgr-app-recall-web-1 \d+ \d+\.\d+$/);
    });

    test("goes on telling what they use until nobody reads it", async () => {
        await using app = await ground();
        const env = app.environment;
        const following = execa(app.path("bin/app"), ["stats", "--follow"], { env, reject: false, buffer: false });
        let text = "";
        following.stdout.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
        });
        await until(() => text.split("\nend\n").length > 3);
        following.stdout.destroy();
        assert.ok((await following).exitCode !== undefined);
    });

    test("prints a dump of its database, made with its own role's rights", async () => {
        await using app = await ground();
        assert.equal((await app.start("dump")).exitCode, 1, "no database of its own");
        await app.put("database-made", "");
        const { stdout, stderr } = await app.start("dump");
        assert.equal(stdout, "PGDMP", stderr);
        const dumping = (await app.calls()).filter((call) => call.includes("pg_dump"));
        assert.equal(dumping.length, 1);
        assert.match(dumping.join(), /^exec -i -u nobody -e PGUSER=app_recall .*pg_dump -w --format=custom$/);
    });

    test("is not asked for what there is no verb for", async () => {
        await using app = await ground();
        const { exitCode, stderr } = await app.send("app", ["../claim", "create"], "");
        assert.equal(exitCode, 1);
        assert.match(stderr, /"\.\.\/claim" is nothing that can be done to an app/);
    });

    test("is not asked for a verb that a later release has brought, without a word of what to do", async () => {
        await using app = await ground();
        const { exitCode, stderr } = await app.send("app", ["measure"], "");
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /^"measure" is nothing that the scripts on .* can do to an app: .* run `\.\/pulumi up` first$/m,
        );
    });
});
