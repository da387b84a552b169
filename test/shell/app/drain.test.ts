import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { AppScripts, type ScriptRun } from "./appScript.ts";

/** A server whose Redis answers like this. Containers that are there, or run, are files; `failing` are cases of docker that come first. */
interface Server {
    readonly running?: string;
    readonly answer?: string;
    readonly failing?: string;
}

/** Runs a text on such a server, and says `drained` when it has come to its end. */
function play(
    context: TestContext,
    text: string,
    { running = "", answer = "echo 0", failing = "" }: Server,
): ScriptRun {
    const docker = `
here=$(dirname "$0")
case "$*" in
${failing}
"ps -aq "*service=*) service=\${*#*service=}; service=\${service%% *}; [ ! -e "$here/there/$service" ] || echo "$service" ;;
"ps -q "*dlgr-server-caddy*) echo caddy ;;
"inspect --format {{.State.Running}} "*) [ ! -e "$here/running/$4" ] || echo true ;;
"stop "*) rm -f "$here/running/$2" ;;
*redis-cli*) ${answer} ;;
esac`;
    const services = running.split(" ").filter(Boolean);
    const paths = services.flatMap((service) => [`machine/there/${service}`, `machine/running/${service}`]);
    const scripts = new AppScripts(context, docker, Object.fromEntries(paths.map((path) => [path, ""])));
    const site = 'mkdir -p "$(dirname "$site")"; : >"$site"';
    return scripts.run(
        `. "$bin/repository.sh"; . "$bin/schedule.sh"; . "$bin/drain.sh"; sleep() { :; }; ${site}; ${text}; echo drained`,
    );
}

const linux = { skip: process.platform !== "linux" };
const everything = "redis pgbouncer web worker clock";
const started = (calls: readonly string[]) => calls.filter((call) => call.startsWith("start "));
const stopped = (calls: readonly string[]) => calls.filter((call) => call.startsWith("stop "));

suite("a queue that is drained", linux, () => {
    const drain = (context: TestContext, server: Server) => play(context, "await_queues 2", server);

    test("is empty when six numbers say so", (context) => {
        const { status, stdout, calls } = drain(context, { running: "worker redis" });
        assert.deepEqual([status, stdout], [0, "drained\n"]);
        assert.equal(calls.filter((call) => call.includes("redis-cli")).length, 6);
    });

    const answers: Readonly<Record<string, string>> = {
        "does not answer": "exit 1",
        "answers with nothing": ":",
        "is loading its data": "echo '(error) LOADING Redis is loading the dataset in memory'",
        "answers for some of the queues only": "case $* in *wip:low*) exit 1 ;; *) echo 0 ;; esac",
    };
    for (const [title, answer] of Object.entries(answers)) {
        test(`is not taken for empty when Redis ${title}`, (context) => {
            const { status, stdout, stderr, calls } = drain(context, { running: "worker redis", answer });
            assert.deepEqual([status, stdout], [1, ""]);
            assert.match(
                stderr,
                /^Redis of \S+ does not say how many jobs the workers still have .*run `\.\/pulumi destroy`/m,
            );
            assert.deepEqual(started(calls), ["start redis worker"], "the app goes on");
        });
    }

    test("is not taken for empty when Redis does not run", (context) => {
        assert.match(drain(context, { running: "worker", answer: "exit 1" }).stderr, /does not say how many jobs/);
    });

    test("that nobody works on is not waited for", (context) => {
        assert.equal(drain(context, { running: "redis", answer: "exit 1" }).stdout, "drained\n");
    });

    test("is waited for as long as is allowed", (context) => {
        const { stderr, calls } = drain(context, { running: "worker redis", answer: "echo 1" });
        assert.match(stderr, /^waiting for the workers: 6 jobs left\nthe workers still have 6 jobs after 2 s/);
        assert.match(stderr, /run `\.\/pulumi destroy` again .*dallinger:experiment\.backup\.workersTimeout higher/);
        assert.equal(calls.filter((call) => call.includes("redis-cli")).length, 18);
    });

    for (const key of ["queue:high", "queue:default", "queue:low", "wip:high", "wip:default", "wip:low"]) {
        test(`is not empty while a job is in ${key}`, (context) => {
            const answer = `case $* in *" rq:${key}") echo 1 ;; *) echo 0 ;; esac`;
            const { status, stderr } = drain(context, { running: "worker redis", answer });
            assert.equal(status, 1);
            assert.match(stderr, /the workers still have 1 jobs after 2 s/);
        });
    }

    test("is empty when the last job has ended meanwhile", (context) => {
        const answer = '[ "$(grep -c redis-cli "$CALLS")" -gt 6 ] && echo 0 || echo 1';
        const { stdout, stderr } = drain(context, { running: "worker redis", answer });
        assert.deepEqual([stdout, stderr], ["drained\n", "waiting for the workers: 6 jobs left\n"]);
    });
});

suite("an app that is drained", linux, () => {
    const drain = (context: TestContext, server: Server) =>
        play(context, "drain 2", { running: everything, ...server });

    for (const asked of ["ps -aq ", "inspect --format {{.State.Running}} "]) {
        test(`does not count as at rest while docker does not answer \`${asked}\``, (context) => {
            const { status, stdout, stderr } = drain(context, { failing: `"${asked}"*) exit 1 ;;` });
            assert.deepEqual([status, stdout], [1, ""]);
            assert.match(
                stderr,
                /Docker does not say which containers the app has\. Nothing has been removed but the site/,
            );
        });
    }

    test("is at rest where a container goes by itself while it is asked for", (context) => {
        const gone = `"inspect --format {{.State.Running}} web") echo "Error: No such object: web" >&2; exit 1 ;;`;
        assert.equal(drain(context, { failing: gone }).stdout, "drained\n");
    });

    test("gets nobody in first, then ends its web and clock, and its workers when the queues are empty", (context) => {
        const closed = '"exec "*" caddy reload "*) ls "$here/../server/caddy/sites" >>"$CALLS" ;;';
        const { status, stdout, stderr, calls } = drain(context, { failing: closed });
        assert.deepEqual([status, stdout], [0, "drained\n"]);
        assert.deepEqual(stderr.split("\n"), [
            "taking the site off",
            "stopping web and clock",
            "stopping the workers",
            "",
        ]);
        const steps = calls.map((call) => /caddy reload|^stop \w+|redis-cli|\.caddy/.exec(call)?.[0]).filter(Boolean);
        assert.deepEqual(steps.slice(1, 3).toSorted(), ["stop clock", "stop web"]);
        assert.deepEqual([steps[0], steps[3], steps.at(-1)], ["caddy reload", "redis-cli", "stop worker"]);
        assert.equal(steps.length, 10, "and nothing else");
    });

    test("has its web and clock end at once, and each take its grace, before it counts as one that has ended", (context) => {
        const together = `"stop web" | "stop clock") : >"$here/$2"
            for _ in $(seq 200); do [ ! -e "$here/web" ] || [ ! -e "$here/clock" ] || break; sleep 0.05; done
            [ -e "$here/web" ] && [ -e "$here/clock" ] && rm "$here/running/$2" ;;
            "stop worker") sleep 0.5; rm "$here/running/$2" ;;`;
        assert.equal(drain(context, { failing: together }).stdout, "drained\n");
    });

    test("is not asked for its queue where nothing runs that could fill or empty it", (context) => {
        const { stdout, stderr, calls } = drain(context, { running: "redis pgbouncer", answer: "exit 1" });
        assert.deepEqual([stdout, stderr, stopped(calls)], ["drained\n", "taking the site off\n", []]);
    });

    test("keeps its workers while they have jobs, and its web and clock come back", (context) => {
        const { status, stderr, calls } = drain(context, { answer: "echo 2" });
        assert.equal(status, 1);
        assert.match(
            stderr,
            /still have 12 jobs .* Nothing has been removed but the site; `\.\/pulumi up` brings it back\n$/,
        );
        assert.ok(!stopped(calls).includes("stop worker"));
        assert.deepEqual(started(calls), [`start ${everything}`]);
    });

    for (const service of ["web", "clock", "worker"]) {
        test(`goes on where its ${service} does not stop`, (context) => {
            const { status, stdout, stderr, calls } = drain(context, { failing: `"stop ${service}") exit 1 ;;` });
            assert.deepEqual([status, stdout], [1, ""]);
            assert.match(stderr, /^the app's containers do not stop: `docker ps` on the server shows them\./m);
            assert.deepEqual(started(calls), [`start ${everything}`]);
        });
    }

    test("is said not to run where its containers cannot be started again", (context) => {
        const failing = '"stop web" | "start "*) exit 1 ;;';
        const { stderr } = drain(context, { failing });
        assert.match(
            stderr,
            /^not all containers of the app could be started again: `sudo docker compose -p \S+ ps -a`/m,
        );
    });
});

suite("the site of an app that is drained", linux, () => {
    const reloading = '"exec "*" caddy reload "*) exit 1';
    const drain = (context: TestContext, more: string) =>
        play(context, "drain 2", { running: everything, failing: `${reloading} ;; ${more}` });

    test("keeps the app from being stopped where Caddy runs and does not let go of it", (context) => {
        const { status, stdout, stderr, calls } = drain(context, "");
        assert.deepEqual([status, stdout, stopped(calls)], [1, "", []]);
        assert.match(stderr, /\nCaddy did not reload: `docker logs dlgr-server-caddy` on the server says why\n$/);
    });

    test("counts as served where docker does not say whether Caddy runs", (context) => {
        const { status, calls } = drain(context, '"ps -q "*dlgr-server-caddy*) exit 1 ;;');
        assert.deepEqual([status, stopped(calls)], [1, []]);
    });

    test("is off where Caddy does not run, which begins with what is there", (context) => {
        const { status, stdout, calls } = drain(context, '"ps -q "*dlgr-server-caddy*) ;;');
        assert.deepEqual([status, stdout, stopped(calls).length], [0, "drained\n", 3]);
    });
});
