import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, type TestContext, test } from "node:test";
import { until } from "./appOnServer.ts";
import { AppScripts } from "./appScript.ts";

/**
 * A docker that begins a program which goes on when its client has ended, as in a container: with what it is marked by in its
 * environment. $CALLS.pid is its number.
 */
const docker = `
mark=$3
env "$mark" sleep 300 </dev/null >/dev/null 2>&1 &
echo $! >"$CALLS.pid"
until grep -qzxF "$mark" /proc/$!/environ; do :; done
exit 4`;

/** What stands for the machine: containers have no namespace of their own here, and $whose says whose the program's parent is. */
const machine = `
. "$bin/attended.sh"
readlink() {
    case $1 in
    /proc/self/*) echo ours ;;
    /proc/$(cat "$CALLS.pid")/*) echo theirs ;;
    *) echo "$whose" ;;
    esac
}
`;

function play(t: TestContext, surroundings: string) {
    const scripts = new AppScripts(t, docker);
    const { status } = scripts.run(`${machine}\n${surroundings}\nattended -i web program || exit $?`);
    const program = Number(scripts.text("calls.pid"));
    t.after(() => {
        try {
            process.kill(program, "SIGKILL");
        } catch {
            // It has ended.
        }
    });
    return { status, program };
}

/** One that has ended may wait for somebody to ask how. */
function runs(id: number): boolean {
    try {
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
    } catch {
        return false;
    }
}

suite("a program that somebody attends to", { skip: process.platform !== "linux" }, () => {
    test("ends with its own status, and what it has left behind of its own will stays", (t) => {
        const { status, program } = play(t, "whose=theirs");
        assert.deepEqual([status, runs(program)], [4, true]);
    });

    test("gets the signal of a terminal that goes when docker's client has ended and it has not", async (t) => {
        const { status, program } = play(t, "whose=ours");
        assert.equal(status, 4);
        await until(() => !runs(program));
    });

    test("gets it, too, when the connection has gone and docker's client does not notice", async (t) => {
        const { program } = play(t, "whose=theirs");
        const scripts = new AppScripts(t, "");
        const marked = readFileSync(`/proc/${program}/environ`, "utf8")
            .split("\0")
            .find((word) => word.startsWith("DALLINGER_"));
        scripts.put("calls.pid", `${program}\n`);
        const { status } = scripts.run(
            `${machine}\nwhose=theirs attended_as=${marked} connection=1.1\nwatch_connection`,
        );
        assert.equal(status, 0);
        await until(() => !runs(program));
    });

    test("is taken for connected where no ssh has brought the script", (t) => {
        const scripts = new AppScripts(t, docker);
        const { stdout } = scripts.run(`. "$bin/attended.sh"; connection=; connected && echo yes`);
        assert.equal(stdout, "yes\n");
    });
});
