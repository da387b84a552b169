import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { AppScripts } from "./appScript.ts";

/** Docker with these containers that run, whose redis-cli answers like this. */
function docker(running: string, answer: string): string {
    return `
case "$*" in
"ps -aq "*service=*) service=\${*#*service=}; service=\${service%% *}; case " ${running} " in *" $service "*) echo "$service" ;; esac ;;
"inspect --format {{.State.Running}}"*) echo true ;;
*redis-cli*) ${answer} ;;
esac`;
}

function drain(context: TestContext, running: string, answer: string, files: Readonly<Record<string, string>> = {}) {
    const scripts = new AppScripts(context, docker(running, answer), files);
    return scripts.run('. "$bin/drain.sh"; sleep() { :; }; await_queues 2; echo drained');
}

suite("a queue that is drained", { skip: process.platform !== "linux" }, () => {
    test("is empty when six numbers say so", (context) => {
        const { status, stdout, calls } = drain(context, "worker redis", "echo 0");
        assert.deepEqual([status, stdout], [0, "drained\n"]);
        assert.equal(calls.filter((call) => call.includes("redis-cli")).length, 6);
    });

    const answers: readonly (readonly [string, string])[] = [
        ["does not answer", "exit 1"],
        ["answers with nothing", ":"],
        ["is loading its data", "echo '(error) LOADING Redis is loading the dataset in memory'"],
        ["answers for some of the queues only", "case $* in *wip:low*) exit 1 ;; *) echo 0 ;; esac"],
    ];
    for (const [title, answer] of answers) {
        test(`is not taken for empty when Redis ${title}`, (context) => {
            const { status, stdout, stderr, calls } = drain(context, "worker redis", answer);
            assert.deepEqual([status, stdout], [1, ""]);
            assert.match(
                stderr,
                /^Redis of \S+ does not say how many jobs the workers still have .*run `pulumi destroy`/m,
            );
            assert.ok(
                calls.some((call) => call.startsWith("start ")),
                "the app goes on",
            );
        });
    }

    test("is not taken for empty when Redis does not run", (context) => {
        assert.match(drain(context, "worker", "exit 1").stderr, /does not say how many jobs/);
    });

    test("that nobody works on is not waited for", (context) => {
        assert.equal(drain(context, "redis", "exit 1").stdout, "drained\n");
    });

    test("is waited for as long as is allowed", (context) => {
        assert.match(drain(context, "worker redis", "echo 1").stderr, /the workers still have 6 jobs after 2 s/);
    });
});

suite("Redis that is saved", { skip: process.platform !== "linux" }, () => {
    const save =
        '. "$bin/backup.sh"; sleep() { :; }; staging=$folder/staging; mkdir "$staging"; save_redis && echo saved';

    test("is refused when it does not run and holds something", (context) => {
        const copy = '"cp -q redis:/data"*) mkdir -p "$4"; echo jobs >"$4/appendonly.aof" ;; *redis-cli*';
        const scripts = new AppScripts(context, docker("redis", "exit 1").replace("*redis-cli*", copy));
        const { status, stderr } = scripts.run(save);
        assert.equal(status, 1);
        assert.match(stderr, /does not run, and what it holds cannot be saved: `sudo docker logs redis`/);
    });

    test("is nothing where it has never run", (context) => {
        const copy = '"cp -q redis:/data"*) mkdir -p "$4" ;; *redis-cli*';
        const scripts = new AppScripts(context, docker("redis", "exit 1").replace("*redis-cli*", copy));
        assert.deepEqual([scripts.run(save).stdout, scripts.has("staging/redis")], ["saved\n", false]);
    });
});
