import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";

const program = join(projectFolder, "lab/lab");

/** Runs the lab's command where the named commands print what is given instead. */
async function lab(arguments_: readonly string[], machine: Readonly<Record<string, string>> = {}) {
    const folder = await mkdtemp(join(tmpdir(), "lab-"));
    try {
        for (const [command, output] of Object.entries(machine)) {
            await writeFile(join(folder, command), `#!/bin/sh\necho ${output}\n`);
            await chmod(join(folder, command), 0o755);
        }
        const env = { PATH: `${folder}:${process.env.PATH}`, DALLINGER_LAB_DIR: join(folder, "labs") };
        return await execa(program, arguments_, { env, reject: false, stdin: "ignore" });
    } finally {
        await rm(folder, { recursive: true });
    }
}

const refusals: [string, string[], Record<string, string>, RegExp][] = [
    [
        "a machine that is not Linux",
        ["up", "one"],
        { uname: "Darwin" },
        /Linux.*use a Debian machine.*or deploy to a server/,
    ],
    ["somebody who is not root", ["up", "one"], { id: "1000" }, /root: run this with sudo, or use a Debian machine/],
    ["a name that cannot be a folder's", ["up", "../one"], {}, /'\.\.\/one' is no name: use a lower-case letter/],
    ["a number of servers that is none", ["up", "one", "--servers", "0"], {}, /--servers takes a number from 1 to 99/],
    ["a lab that is not up", ["ssh", "one", "server1"], {}, /there is no lab 'one': lab up one/],
    ["a server for a lab that is not up", ["server", "add", "one", "more"], {}, /there is no lab 'one'/],
];

for (const [what, arguments_, machine, message] of refusals) {
    test(`${what} is refused with one line that says what to do`, async () => {
        const { exitCode, stdout, stderr } = await lab(arguments_, machine);
        assert.equal(exitCode, 1);
        assert.equal(stdout, "");
        assert.match(stderr, message);
        assert.equal(stderr.split("\n").length, 1, stderr);
    });
}

test("an unknown command prints how the lab is used and fails", async () => {
    const { exitCode, stderr } = await lab(["raise", "one"]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /lab up NAME/);
});

test("the status of no labs is an empty list", async () => {
    assert.deepEqual(JSON.parse((await lab(["status", "--json"])).stdout), []);
});
