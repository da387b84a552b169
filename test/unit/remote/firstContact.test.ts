import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { firstContactCommand, renderFirstContact } from "../../../components/remote/firstContact.ts";

const hello = '#!/bin/sh\necho "$1 $(cat "$2/word")"; cat\n';
const script = renderFirstContact({
    script: "bin/hello.sh",
    files: [
        { path: "bin/hello.sh", content: hello, mode: "700" },
        { path: "word", content: "recall" },
    ],
});

suite("the first contact", () => {
    test("runs its script with the mode and the payload, and leaves no file", async () => {
        const before = await execa("sh", ["-c", "ls -d /run/dallinger.* 2>/dev/null | wc -l"]);
        const { stdout } = await execa("sh", ["-c", firstContactCommand("create")], { input: script });
        assert.equal(stdout, "create recall");
        const left = await execa("sh", ["-c", "ls -d /run/dallinger.* 2>/dev/null | wc -l"]);
        assert.equal(left.stdout, before.stdout);
    });

    for (const signal of ["HUP", "PIPE"]) {
        test(`leaves no file either when ${signal} ends it, as a connection's end does`, async () => {
            const files = [
                { path: "bin/end.sh", content: `echo "$2"; kill -${signal} $PPID; sleep 0.1`, mode: "600" },
            ] as const;
            const input = renderFirstContact({ script: "bin/end.sh", files });
            const { stdout } = await execa("sh", ["-c", firstContactCommand("create")], { input, reject: false });
            assert.match(stdout, /^\/run\/dallinger\./);
            assert.equal(existsSync(stdout), false);
        });
    }

    test("works where nothing in /run can be executed, as on Debian: there as little as a file of this mode", async () => {
        const files = [{ path: "bin/hello.sh", content: "echo $1", mode: "600" }] as const;
        const input = renderFirstContact({ script: "bin/hello.sh", files });
        assert.equal((await execa("sh", ["-c", firstContactCommand("create")], { input })).stdout, "create");
    });

    test("becomes root by sudo", async () => {
        const { stdout, stderr } = await asUser('shift; exec "$@"');
        assert.deepEqual({ stdout, stderr }, { stdout: "update recall", stderr: "" });
    });

    test("says how sudo is allowed where it is not, in its output only: errors show every command line", async () => {
        const { exitCode, stdout, stderr } = await asUser("echo 'sudo: a password is required' >&2; exit 1");
        assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: "" });
        assert.match(
            stderr,
            /^debian cannot use sudo .*debian ALL=\(ALL\) NOPASSWD:ALL", then run `\.\/pulumi up` again$/,
        );
        assert.doesNotMatch(firstContactCommand("create"), /sudo/);
    });

    test("that was cut anywhere runs nothing", async () => {
        for (let length = script.indexOf("\nreceive "); length < script.indexOf("\nEND OF SCRIPT") - 1; length += 97) {
            const { stdout } = await execa("sh", ["-s", "create"], { input: script.slice(0, length), reject: false });
            assert.equal(stdout, "");
        }
    });
});

/** Runs the script as the user debian, whose `sudo` is this text of a shell script. */
async function asUser(sudo: string) {
    const folder = await mkdtemp(join(tmpdir(), "user-"));
    try {
        const programs = { sudo, id: "case $1 in -u) echo 1000 ;; -un) echo debian ;; esac" };
        for (const [name, text] of Object.entries(programs)) {
            await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
        }
        const env = { PATH: `${folder}:${process.env.PATH}` };
        return await execa("sh", ["-c", firstContactCommand("update")], { input: script, env, reject: false });
    } finally {
        await rm(folder, { recursive: true });
    }
}
