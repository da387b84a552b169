import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { placeDoor, placeScripts, serverFolder } from "../serverScripts.ts";

/** What docker prints, on standard output, when the runtime could not start a command. */
const notStarted = "OCI runtime exec failed: exec failed: read init-p: connection reset by peer: unknown";

/** Docker whose runtime starts nothing the first `failures` times; what it starts then reads its input and ends with `status`. */
function docker(failures: number, status = 0): string {
    return `#!/bin/sh
echo "$*" >>"$CALLS"
[ "$1" = exec ] || { echo web && exit; }
if [ "$(grep -c ^exec "$CALLS")" -le ${failures} ]; then echo "${notStarted}"; exit 128; fi
echo "read: $(cat)"
exit ${status}
`;
}

/** Runs a function of server.sh with this program as its docker. */
async function play(docker: string, call: string) {
    await using server = await serverFolder();
    const bin = join(server.root, "bin");
    await placeScripts(server.root, bin, "shared/messages.sh", "shared/server.sh");
    const { env, calls } = await fakeDocker(server.root, docker);
    const text = `. "$1/messages.sh"\n. "$1/server.sh"\nsleep() { :; }\n${call}`;
    const { exitCode, stdout, stderr } = await execa("sh", ["-euc", text, "sh", bin], { env, reject: false });
    return { exitCode, stdout, stderr, calls: await calls() };
}

/** Puts this program in docker's place. */
async function fakeDocker(root: string, text: string) {
    const programs = join(root, "programs");
    await mkdir(programs);
    await writeFile(join(programs, "docker"), text, { mode: 0o700 });
    const env = { PATH: `${programs}:${process.env.PATH}`, CALLS: join(root, "calls") };
    return { env, calls: async () => (await readFile(env.CALLS, "utf8").catch(() => "")).trimEnd().split("\n") };
}

suite("a command in a container", { skip: process.platform !== "linux" }, () => {
    test("that the runtime could not start is tried again, with its input, and only its own output is seen", async () => {
        const { exitCode, stdout, calls } = await play(docker(2), "echo SELECT 1 | superuser postgres -At");
        assert.deepEqual([exitCode, stdout], [0, "read: SELECT 1"]);
        const call = "exec -i -u postgres dlgr-server-postgres psql -X -q -v ON_ERROR_STOP=1 -d postgres -At";
        assert.deepEqual(calls, [call, call, call]);
    });

    test("that fails by itself is not", async () => {
        const { exitCode, calls } = await play(docker(0, 3), "echo SELECT 1 | superuser postgres");
        assert.deepEqual([exitCode, calls.length], [3, 1]);
    });

    test("that says without end fills no memory and counts as failed, whatever its last words are", async () => {
        const endless = "#!/bin/sh\ncat >/dev/null\nyes .000\n";
        const size =
            "container_exec web true </dev/null | wc -c; exec_status=0; container_exec web true </dev/null >/dev/null";
        const { exitCode, stdout } = await play(endless, size);
        assert.notEqual(exitCode, 0);
        assert.ok(Number(stdout) > 4_000_000 && Number(stdout) < 4_200_000, stdout);
    });

    test("that never ends is ended where it has a limit", async () => {
        const { exitCode } = await play(
            "#!/bin/sh\nexec sleep 60\n",
            "exec_within=1; container_exec web true </dev/null",
        );
        assert.equal(exitCode, 124);
    });

    test("may end its output in what looks like a status, or with empty lines", async () => {
        const says = (text: string) => `#!/bin/sh\ncat >/dev/null\nprintf '${text}'\nexit 7\n`;
        for (const text of ["it is .000", "ä.126\\n\\n\\n", "", "."]) {
            const { exitCode, stdout } = await play(says(text), "container_exec web true </dev/null");
            assert.deepEqual([exitCode, stdout], [7, text.replaceAll("\\n", "").trimEnd()]);
        }
    });

    test("that is never started fails as docker says", async () => {
        const { exitCode, stdout, stderr, calls } = await play(docker(9), "container_exec web true </dev/null");
        assert.deepEqual([exitCode, stdout, stderr, calls.length], [128, "", notStarted, 3]);
    });

    test("that launches is not: its outcome is unknown", async () => {
        await using server = await serverFolder();
        const folder = join(server.root, "apps/recall");
        await placeDoor(server.root, join(folder, "bin"), "app");
        await mkdir(join(server.root, "server/caddy/upstreams"), { recursive: true });
        await writeFile(join(server.root, "server/caddy/upstreams/recall"), "web:5000\n");
        for (const made of ["current", "log"]) await mkdir(join(folder, made));
        await writeFile(join(folder, "current/secrets"), "");
        const { env, calls } = await fakeDocker(server.root, docker(1));
        const { exitCode, stderr } = await execa(join(folder, "bin/app"), ["launch", "apply", "host"], {
            env,
            reject: false,
        });
        assert.equal(exitCode, 1);
        assert.match(stderr, /a launch of recall was begun at .* and its answer never arrived, so it is not repeated/);
        assert.equal((await calls()).filter((call) => call.startsWith("exec ")).length, 1);
    });
});
