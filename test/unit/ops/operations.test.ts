import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ServerOperations } from "../../../ops/serverOperations.ts";
import { ServerShell } from "../../../ops/serverShell.ts";
import { withoutControls } from "../../../ops/withoutControls.ts";
import { allOf } from "../../support/allOf.ts";
import { CommandLine, SERVER } from "./commandLine.ts";

/** The operations of an app on a server, in the place of which a text for `sh` answers, whose `$*` is what ssh is called with. */
async function operationsOn(t: TestContext, answer: string) {
    const line = await CommandLine.create(t);
    await line.script("bin/ssh", `echo "$*" >>"$NOTES/ssh"\n${answer}`);
    const path = process.env.PATH;
    t.after(() => {
        process.env.PATH = path;
    });
    Object.assign(process.env, { PATH: `${join(line.folder, "bin")}:${path}`, NOTES: join(line.folder, "notes") });
    return { line, operations: new ServerOperations(new ServerShell(SERVER, ""), "recall") };
}

test("a program gets its arguments and its standard input in the process it is to run in", async (t) => {
    const { line, operations } = await operationsOn(t, "cat");
    assert.equal(await operations.exec("web", ["python3", "-c", "print('it is')"], "what it reads"), "what it reads");
    assert.match(
        await line.note("ssh"),
        /debian@203\.0\.113\.7 sudo -n sh -c .* \/srv\/dallinger\/apps\/recall\/bin\/app exec web python3 -c 'print\('\\''it is'\\''\)'$/ms,
    );
});

test("logs come line by line, and their end is that of the command", async (t) => {
    const { line, operations } = await operationsOn(t, 'echo one; echo two; echo "it broke" >&2; exit 1');
    const lines: string[] = [];
    await assert.rejects(async () => {
        for await (const each of operations.logs({ processes: ["web", "worker"], follow: true })) lines.push(each);
    }, /203\.0\.113\.7: it broke/);
    assert.deepEqual(lines, ["one", "two"]);
    assert.match(await line.note("ssh"), /bin\/app logs --follow web worker$/m);
});

test("of logs that are wanted from a time, with a text or of a release the server gives those alone", async (t) => {
    const { line, operations } = await operationsOn(t, "echo one");
    const request = { processes: ["web"], follow: false } as const;
    const lines = operations.logs({ ...request, since: { secondsAgo: 600 }, text: "it's $HOME", release: "all" });
    assert.deepEqual(await allOf(lines), ["one"]);
    await allOf(operations.logs({ ...request, since: { time: "2026-01-02T03:04:05.000Z" } }));
    const [first = "", second = ""] = (await line.note("ssh")).match(/bin\/app logs .*/g) ?? [];
    assert.equal(first, "bin/app logs --since -600 --text 'it'\\''s $HOME' --release all web");
    assert.equal(second, "bin/app logs --since 2026-01-02T03:04:05.000Z web");
});

test("who has read enough of the logs leaves no connection behind", async (t) => {
    const { line, operations } = await operationsOn(t, 'echo $$ >"$NOTES/process"; echo one; exec sleep 600');
    for await (const _ of operations.logs({ processes: [], follow: true })) break;
    const process_ = Number(await line.note("process"));
    assert.throws(() => process.kill(process_, 0), { code: "ESRCH" });
});

test("what containers use is told by their names", async (t) => {
    const json = '{"Name":"dlgr-app-recall-web-1","CPUPerc":"0.52%","MemUsage":"61.2MiB / 512MiB","PIDs":"5"}';
    const { operations } = await operationsOn(t, `echo '${json}'`);
    const use = { name: "dlgr-app-recall-web-1", processor: "0.52%", memory: "61.2MiB / 512MiB" };
    assert.deepEqual(await operations.stats(), [use]);
});

test("a dump is there when it is whole, for its owner alone", async (t) => {
    const { line, operations } = await operationsOn(t, "printf 'PGDMP\\377\\0'");
    const file = join(line.folder, "recall.dump");
    await operations.dump(file);
    assert.deepEqual([...(await readFile(file))], [...Buffer.from("PGDMP"), 255, 0]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test("a log does not command the terminal in which it is read", () => {
    assert.equal(withoutControls("web-1  | \u001b[31mred\u001b[0m\tand on"), "web-1  | red\tand on");
    for (const hostile of [
        "\u001b]0;title\u0007",
        "\u001b",
        "\r",
        "\u009b2J",
        "\b\b",
        "\u0090q\u009c",
        "\u202etxt",
        "\u2028",
    ])
        assert.doesNotMatch(withoutControls(`a${hostile}b`), /(?!\t)[\p{Cc}\u202e\u2028]/u, JSON.stringify(hostile));
});

test("of a dump that breaks off nothing stays", async (t) => {
    const { line, operations } = await operationsOn(t, "printf PGDMP; exit 1");
    const file = join(line.folder, "recall.dump");
    await assert.rejects(operations.dump(file));
    assert.deepEqual(
        (await readdir(line.folder)).filter((name) => name.startsWith("recall.dump")),
        [],
    );
    assert.ok(!existsSync(file));
});
