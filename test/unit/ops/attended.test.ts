import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { EXIT } from "../../../ops/exitStatus.ts";
import { CommandLine } from "./commandLine.ts";

/** The command line beside an app on a server, in the place of whose door stands a text for `sh`. */
async function beside(t: TestContext, door: string, experiment: object = {}): Promise<CommandLine> {
    const line = await CommandLine.create(t);
    await line.addApp("lab", door, experiment);
    return line;
}

/** Prints each of its words with what tells one from the next. */
const words = `for word; do printf '<%s>' "$word"; done`;

/** What a shell, ssh or a command line could take for something else. */
const hostile = ["two words", `"it's"`, "a\nline", "$HOME `id` \\", "--stack", "--", "", "*", "é"];

suite("./ops/dallinger exec", () => {
    test("gives a program its arguments as they are, by one connection", async (t) => {
        const line = await beside(t, words);
        const { exitCode, stdout, ssh } = await line.run([
            "exec",
            "worker",
            "--stack",
            "lab",
            "--",
            "echo",
            ...hostile,
        ]);
        assert.deepEqual(
            [exitCode, stdout],
            [0, ["exec", "worker", "echo", ...hostile].map((word) => `<${word}>`).join("")],
        );
        assert.equal(ssh.match(/debian@203\.0\.113\.7/g)?.length, 1);
        assert.deepEqual(await line.temporaryFiles(), []);
    });

    test("passes bytes through in both directions, and ends as the program does", async (t) => {
        const line = await beside(t, "cat; printf 'E\\377' >&2; exit 7");
        const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
        const running = line.startWithBytes(["exec", "web", "--stack", "lab", "--", "x"], bytes);
        const { exitCode, stdout, stderr } = await running;
        assert.equal(exitCode, 7);
        assert.ok(Buffer.from(stdout).equals(bytes));
        assert.deepEqual([...Buffer.from(stderr)], [0x45, 0xff]);
    });

    test("tells a program that ends with ssh's own status from a connection that fails", async (t) => {
        const line = await beside(t, "exit 255");
        const args = ["exec", "web", "--stack", "lab", "--", "x"];
        const ended = await line.run(args);
        assert.deepEqual([ended.exitCode, ended.stderr], [255, ""]);
        await line.script("bin/ssh", 'echo "debian@203.0.113.7: Permission denied (publickey)." >"$2"; exit 255');
        const refused = await line.run(args);
        assert.equal(refused.exitCode, EXIT.refused);
        assert.match(refused.stderr, /^203\.0\.113\.7: the server lets nobody in with these keys/);
    });

    test("does nothing where the command line is wrong, or longer than a program can be told", async (t) => {
        const line = await beside(t, words);
        for (const args of [
            ["exec", "web", "--"],
            ["exec", "wbe", "--", "ls"],
            ["exec", "--", "web"],
        ])
            assert.equal((await line.run(args)).exitCode, EXIT.misused);
        const long = await line.run(["exec", "web", "--stack", "lab", "--", "echo", "x".repeat(120_001)]);
        assert.equal(long.exitCode, EXIT.refused);
        assert.match(long.stderr, /by standard input$/);
        assert.equal(await line.note("ssh"), "");
    });

    test("lets no program command a terminal that it has not been given", async (t) => {
        const line = await beside(t, `printf 'a\\033]0;title\\007b\\033[2Jc\\r\\nd\\rover\\n'; printf '\\033c' >&2`);
        const { stdout, ssh } = await line.runAtTerminal(["exec", "web", "--stack", "lab", "--", "x"]);
        assert.match(stdout, /abc\r\nd\u{FFFD}over/u);
        assert.ok(!stdout.includes("\u001b"));
        assert.match(ssh, / -T /);
    });

    test("runs it here where the app is, with the secrets that its processes have", async (t) => {
        const line = await beside(t, "", { on: "local" });
        await line.script("bin/docker", `echo "$*" >>"$NOTES/docker"; cat; exit 5`);
        const running = line.start(["exec", "web", "--stack", "lab", "--", "echo", "it's"], {}, "what it reads");
        const { exitCode, stdout } = await running;
        assert.deepEqual([exitCode, stdout], [5, "what it reads"]);
        const file = "local/recall-a1b2c3/compose.yaml";
        assert.equal(
            await line.note("docker"),
            `compose -f ${file} exec -T web python3 /run/dallinger/start/start.py echo it's\n`,
        );
        await line.run(["exec", "redis", "--stack", "lab", "--", "redis-cli"]);
        assert.match(await line.note("docker"), /exec -T redis redis-cli\n$/);
    });
});

suite("./ops/dallinger shell", () => {
    test("opens one at a terminal, and leaves that as it was", async (t) => {
        const line = await beside(t, `${words}; stty raw -echo; exit 3`);
        const { exitCode, stdout, ssh, terminal } = await line.runAtTerminal(["shell", "worker", "--stack", "lab"]);
        assert.equal(terminal.after, terminal.before);
        assert.match(stdout, /<shell><worker>/);
        assert.equal(exitCode, 3);
        assert.match(ssh, / -tt /);
        const after = await line.runAtTerminal(["shell", "--stack", "lab"]);
        assert.match(after.stdout, /<shell><web>/);
    });

    test("is refused without one, with what goes without, and nobody is asked", async (t) => {
        const line = await beside(t, words);
        const { exitCode, stderr, asked, ssh } = await line.run(["shell", "clock", "--stack", "lab"]);
        assert.deepEqual([exitCode, asked, ssh], [EXIT.refused, "", ""]);
        assert.match(stderr, /`\.\/ops\/dallinger exec clock -- PROGRAM`/);
    });
});

suite("./ops/dallinger psql", () => {
    test("only reads, statements from standard input, unless it is to write", async (t) => {
        const line = await beside(t, `${words}; cat`);
        const running = line.start(["psql", "--stack", "lab", "--", "-At", "-c", "SELECT 1"], {}, "SELECT 2;");
        assert.equal((await running).stdout, "<psql><read><stream><-At><-c><SELECT 1>SELECT 2;");
        assert.equal((await line.run(["psql", "--write", "--stack", "lab"])).stdout, "<psql><write><stream>");
    });

    test("is one to talk with at a terminal", async (t) => {
        const line = await beside(t, words);
        const { stdout, ssh } = await line.runAtTerminal(["psql", "--stack", "lab"]);
        assert.match(stdout, /<psql><read><terminal>/);
        assert.match(ssh, / -tt /);
    });

    test("is the database of an app on this machine, too", async (t) => {
        const line = await beside(t, "", { on: "local" });
        await line.script("bin/docker", `echo "$*" >>"$NOTES/docker"; exit 1`);
        const { exitCode } = await line.run(["psql", "--stack", "lab", "--", "-c", "SELECT 1"]);
        assert.equal(exitCode, 1);
        assert.match(
            await line.note("docker"),
            /exec -T --user postgres -e PGOPTIONS=.* -c default_transaction_read_only=on .* postgres psql -X -w -v ON_ERROR_STOP=1 -c SELECT 1 -d dallinger -U dallinger\n$/,
        );
    });
});
