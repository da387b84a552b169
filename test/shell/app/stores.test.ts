import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { AppScripts } from "./appScript.ts";

/** Redis and pgbouncer that answer from the moment 1200 on; each wait takes the next one there. */
const around = `
. "$bin/diagnosis.sh"
. "$bin/pinned.sh"
. "$bin/stores.sh"
compose() { echo "compose $*"; }
containers() { for service in "$@"; do echo "$service-id"; done; }
container() { echo "$1-id"; }
restarts_of() { echo "true 0"; }
container_exec() {
    case "$* $((passed >= 1200))" in
    "redis-id redis-cli ping 1") echo PONG ;;
    "redis-id "*) echo "LOADING Redis is loading the dataset in memory" ;;
    pgbouncer-id*" 1") ;;
    *) return 2 ;;
    esac
}
show_containers() { echo "shown $*"; }
passed=1000
now() { echo "$passed"; }
sleep() { passed=$((passed + 10)); }
`;

function start(context: TestContext, otherwise = "") {
    const scripts = new AppScripts(context, "exit 1");
    scripts.put("payload/healthy-within", "30\n");
    return scripts.run(`${around}${otherwise}\nstart_stores "$folder/payload"; echo "went on at $passed"`);
}

suite("Redis and pgbouncer of an app", { skip: process.platform !== "linux" }, () => {
    test("are waited for until both answer, a Redis that still loads what it holds among them, and no longer", (t) => {
        assert.match(start(t).stdout, /went on at 1200\n$/);
    });

    test("are given two minutes", (t) => {
        const { status, stdout, stderr } = start(t, "stores_answer() { return 1; }");
        assert.equal(status, 1);
        assert.match(stdout, /shown redis-id pgbouncer-id\n$/);
        assert.match(stderr, /Redis or pgbouncer did not get healthy: the lines above say what was seen/);
    });

    for (const [name, later] of [
        ["has ended", "false 0"],
        ["was started again", "true 1"],
    ] as const) {
        test(`are not waited for when one ${name}`, (t) => {
            const ended = `restarts_of() { [ "$passed" -lt 1050 ] && echo "true 0" || echo "${later}"; }`;
            const failing = `${ended}; explain_failure() { echo "failed at $passed"; exit 1; }`;
            assert.match(start(t, failing).stdout, /failed at 1050\n$/);
        });
    }

    test("are not taken for started where docker knows none", (t) => {
        const { status, stderr } = start(t, "containers() { :; }");
        assert.equal(status, 1);
        assert.match(stderr, /Docker does not say how they are: run `\.\/pulumi up` again/);
        const silent = start(t, "restarts_of() { return 1; }");
        assert.equal(silent.status, 1);
        assert.match(silent.stderr, /Docker does not say how they are/, "it does not end without a word");
    });

    test("do not count as begun again while docker does not answer for a moment", (t) => {
        const hiccup = 'restarts_of() { [ "$passed" != 1050 ] && echo "true 0"; }';
        assert.match(start(t, hiccup).stdout, /went on at 1200\n$/);
    });

    test("do not keep a release out that may help, where Redis cannot write to its disk", (t) => {
        const full = `container_exec() { case "$*" in *ping) echo "MISCONF Errors writing to the AOF file" ;; esac; }`;
        assert.match(start(t, full).stdout, /went on at 1000\n$/);
    });

    test("are given as long as the release where that is longer", (t) => {
        const loading = 'stores_answer() { [ "$passed" -ge 30000 ]; }; cat() { echo 600; }';
        assert.match(start(t, loading).stdout, /went on at 30000\n$/);
    });
});
