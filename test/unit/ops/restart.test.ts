import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { EXIT } from "../../../ops/exitStatus.ts";
import { announce } from "../../../ops/restart.ts";
import { CommandLine } from "./commandLine.ts";

async function beside(t: TestContext, door: string, experiment: object = {}): Promise<CommandLine> {
    const line = await CommandLine.create(t);
    await line.addApp("lab", door, experiment);
    return line;
}

/** Says which words it gets. */
const restarts = `echo "$*" >>"$NOTES/restarted"; echo 'waiting for it' >&2; echo "restarted web worker"; echo end`;

suite("./ops/dallinger restart", () => {
    test("says what restarts, how far it is and what has restarted, by one connection", async (t) => {
        const line = await beside(t, restarts);
        const { exitCode, stdout, stderr, ssh } = await line.run(["restart", "--yes", "--stack", "lab"]);
        assert.deepEqual([exitCode, stdout], [EXIT.done, "restarted web worker"], stderr);
        assert.match(
            stderr,
            /^recall: a new web takes over, no request is lost, .*; the clock restarts\nwaiting for it$/,
        );
        assert.equal(await line.note("restarted"), "restart 600 180\n");
        assert.equal(ssh.match(/debian@/g)?.length, 1);
    });

    test("shows all that was said on the way, also what comes behind its end", async (t) => {
        const line = await beside(t, "echo 'restarted web'; echo end; sleep 0.5; echo 'and so it was' >&2");
        const { stderr } = await line.run(["restart", "web", "--yes", "--stack", "lab"]);
        assert.match(stderr, /^and so it was$/m);
    });

    test("waits as long as the stack says", async (t) => {
        const waits = { backup: { workersTimeout: 30 }, releases: { healthyWithin: 20 } };
        const line = await beside(t, restarts, waits);
        await line.run(["restart", "worker", "--yes", "--stack", "lab"]);
        assert.equal(await line.note("restarted"), "restart 30 20 worker\n");
    });

    test("asks first, and restarts nothing where nobody says yes", async (t) => {
        const line = await beside(t, restarts);
        const unasked = await line.run(["restart", "--stack", "lab"]);
        assert.deepEqual([unasked.exitCode, unasked.asked, unasked.ssh], [EXIT.refused, "", ""]);
        assert.match(unasked.stderr, /here is nobody to ask: repeat it with --yes$/);
        const no = await line.runAtTerminal(["restart", "redis", "--stack", "lab"], "\n");
        assert.deepEqual([no.exitCode, no.ssh], [EXIT.refused, ""]);
        assert.match(
            no.stdout,
            /Redis restarts with its data, and requests at that moment fail[\s\S]*Restart\? \[y\/N\]/,
        );
        assert.equal((await line.runAtTerminal(["restart", "redis", "--stack", "lab"], "y\n")).exitCode, EXIT.done);
        assert.equal(await line.note("restarted"), "restart 600 180 redis\n");
    });

    test("says why it did not come to its end", async (t) => {
        const line = await beside(
            t,
            "echo 'starting web' >&2; echo 'web does not start: repeat the command' >&2; exit 1",
        );
        const { exitCode, stderr } = await line.run(["restart", "web", "--yes", "--stack", "lab"]);
        assert.equal(exitCode, EXIT.refused);
        assert.match(stderr, /starting web\n203\.0\.113\.7: web does not start: repeat the command$/);
    });

    test("restarts what is there of an app on this machine, whose requests fail meanwhile", async (t) => {
        const line = await beside(t, "", { on: "local" });
        await line.script(
            "bin/docker",
            `echo "$*" >>"$NOTES/docker"; case $* in *config*) printf 'web\\nworker\\nredis\\n' ;; esac`,
        );
        const { stdout, stderr } = await line.run(["restart", "--yes", "--stack", "lab"]);
        assert.equal(stdout, "restarted web worker");
        assert.match(stderr, /^recall: the web restarts, and requests at that moment fail/);
        assert.match(await line.note("docker"), /compose\.yaml restart --no-deps web worker\n$/);
        await line.script("bin/docker", "echo 'no such service' >&2; exit 1");
        assert.equal((await line.run(["restart", "clock", "--yes", "--stack", "lab"])).exitCode, EXIT.refused);
    });

    test("announces what is named once", () => {
        assert.equal(announce(["clock", "clock"], false), "the clock restarts");
    });
});
