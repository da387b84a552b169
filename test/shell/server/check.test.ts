import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { layoutVersion } from "../../../components/targets/server/serverNames.ts";
import { occupy } from "../app/appOnServer.ts";
import { pretendedMachine } from "./pretendedMachine.ts";

/** A server whose state is in files: of each container one with what docker says of it, and one with what it is made from. */
const docker = `
for last; do :; done
case "$*" in
"inspect --format {{.State.Status}}"*) cat "$MACHINE/$last" 2>/dev/null ;;
"inspect --format {{index .Config.Labels"*) cat "$MACHINE/$last-made" 2>/dev/null ;;
"compose "*" config --hash *") printf 'postgres p\\ncaddy c\\n' ;;
*autosave.json) cat "$MACHINE/loaded" 2>/dev/null ;;
*"caddy adapt "*) cat "$MACHINE/adapted" 2>/dev/null ;;
esac`;

/** The machine's, which waits for nobody. */
const flock = `PATH=\${PATH#*:} exec flock -n "$1" "$4"`;

const sumOf = (text: string) => createHash("sha256").update(text).digest("hex");
const caddyfile = "a Caddyfile";

/** The server on which everything is as the stack says, by the files of its folder and of docker's state. */
const right: Readonly<Record<string, string>> = {
    "machine/dlgr-server-postgres": "running, healthy",
    "machine/dlgr-server-caddy": "running",
    "machine/dlgr-server-postgres-made": "p",
    "machine/dlgr-server-caddy-made": "c",
    "machine/loaded": '{"apps":{"http":["a","b"]},"admin":{}}',
    "machine/adapted": '{"admin":{},"apps":{"http":["b","a"]}}',
    "server/lock": "",
    "server/applied": "the-sum",
    "server/applied-files": `${sumOf("compose")}  compose.yaml\n${sumOf(caddyfile)}  caddy/Caddyfile\n`,
    "server/compose.yaml": "compose",
    "server/caddy/Caddyfile": caddyfile,
};

/** What is other than it should be, `undefined` for what is not there. */
type Changes = Readonly<Record<string, string | undefined>>;

/** What the verb `check` prints on such a server, with its exit status. */
async function check(changes: Changes, word = "the-sum", occupied = false) {
    await using machine = await pretendedMachine({ docker, flock });
    for (const [path, text] of Object.entries({ ...right, ...changes })) {
        if (text !== undefined) await machine.put(path, text);
        else await rm(join(machine.root, path), { force: true });
    }
    await using _ = occupied ? await occupy(join(machine.root, "server/lock")) : undefined;
    const { exitCode, stdout, stderr } = await machine.run(`./server check ${word}`);
    return { exitCode, lines: stdout.replaceAll(machine.root, "/srv/dallinger").split("\n").filter(Boolean), stderr };
}

const differences: Readonly<Record<string, readonly [Changes, ...string[]]>> = {
    "PostgreSQL's container is missing": [
        { "machine/dlgr-server-postgres": undefined, "machine/dlgr-server-postgres-made": undefined },
        "server: dlgr-server-postgres is missing",
    ],
    "Caddy does not run": [{ "machine/dlgr-server-caddy": "exited" }, "server: dlgr-server-caddy is exited"],
    "PostgreSQL is not healthy": [
        { "machine/dlgr-server-postgres": "running, unhealthy" },
        "server: dlgr-server-postgres is running, unhealthy",
    ],
    "a change has broken off": [
        { "server/former/compose.yaml": "" },
        "server: a change of the shared services has not come to its end",
    ],
    "something else was applied": [
        { "server/applied": "another" },
        "server: what was applied last is not what the stack has",
    ],
    "nothing was applied": [{ "server/applied": undefined }, "server: what was applied last is not what the stack has"],
    "a file is another one": [
        { "server/caddy/Caddyfile": "changed" },
        "server: /srv/dallinger/server/caddy/Caddyfile is not what was applied",
    ],
    "a file is gone": [
        { "server/compose.yaml": undefined },
        "server: /srv/dallinger/server/compose.yaml is not what was applied",
    ],
    "somebody has made a container anew": [
        { "machine/dlgr-server-caddy-made": "x" },
        "server: dlgr-server-caddy is made from something else",
    ],
    "Caddy runs with something else": [
        { "machine/loaded": '{"admin":{},"apps":{"http":["b","c"]}}' },
        "server: dlgr-server-caddy runs with another configuration than its files have",
    ],
    "Caddy does not say what it runs with": [
        { "machine/loaded": undefined },
        "server: dlgr-server-caddy does not tell its configuration",
    ],
    "Caddy does not say what its files mean": [
        { "machine/adapted": undefined },
        "server: dlgr-server-caddy does not tell its configuration",
    ],
};

suite("what is told of shared services that are not as the stack says", { skip: process.platform !== "linux" }, () => {
    test("is nothing where everything is", async () => {
        assert.deepEqual(await check({}), { exitCode: 0, lines: [], stderr: "" });
    });

    test("is nothing of what was applied where the stack does not know it, nor of what a former program applied", async () => {
        const nothing = { exitCode: 0, lines: [], stderr: "" };
        assert.deepEqual(await check({ "server/applied": undefined }, ""), nothing);
        const unnoted = { "server/applied-files": undefined, "server/compose.yaml": "changed" };
        assert.deepEqual(await check(unnoted), nothing);
    });

    for (const [what, [changes, ...lines]] of Object.entries(differences)) {
        test(`is that ${what}, and nothing else`, async () => {
            assert.deepEqual(await check(changes), { exitCode: 0, lines, stderr: "" });
        });
    }

    test("is that Caddy was not looked at, while a deployment changes what it is to run with", async () => {
        const { lines } = await check({ "machine/loaded": "changing" }, "the-sum", true);
        assert.deepEqual(lines, [
            "server: another deployment is at work, and what dlgr-server-caddy runs with was not looked at",
        ]);
    });

    test("is that it is not prepared, or by an earlier or later program", async () => {
        const layout = (version: number) => ({ "server/layout.json": `{\n  "version": ${version},\n}\n` });
        const refused = [
            [{ "server/layout.json": undefined }, /^this server is not prepared: run `\.\/pulumi up` in the stack/],
            [layout(layoutVersion - 1), /^an earlier release of this program has prepared this server/],
            [layout(layoutVersion + 1), /: use the release of this program that prepared it$/],
        ] as const;
        for (const [changes, message] of refused) {
            const { exitCode, lines, stderr } = await check(changes);
            assert.deepEqual([exitCode, lines], [1, []]);
            assert.match(stderr, message);
        }
    });
});
