import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { within } from "../../support/within.ts";
import { ScriptedApp } from "./appOnServer.ts";

/**
 * A server whose state is in files: `containers` with a line "ID SERVICE MADE-FROM" each, `log-ID` with what one has logged, `more-ID` with
 * what it is about to log; `stopped-ID` is one that does not run.
 */
const docker = `
for last; do :; done
case "$*" in
"ps -a "*) [ ! -e "$STATE/down" ] || exit 1; sed 's/^\\([^ ]*\\) \\([^ ]*\\) /\\1 \\2 dlgr-app-recall-\\2-1 /' "$STATE/containers" ;;
"logs "*" --follow "*) exec tail -n +1 -s 0.1 -f "$STATE/more-$last" ;;
"logs "*) cat "$STATE/log-$last" 2>/dev/null || { echo "Error response from daemon" >&2; exit 1; } ;;
"inspect --format {{.State.Running}}"*) [ ! -e "$STATE/stopped-$last" ] && echo true ;;
"inspect --format {{.State.StartedAt}}"*) echo 2026-01-01T00:00:00Z ;;
esac`;

const release = "0123456789ab";
const former = "ba9876543210";

/** A time of the day in question. */
const at = (time: string) => `2026-01-02T${time}.000000000Z`;

async function ground(files: Readonly<Record<string, string | Buffer>> = {}) {
    const app = await ScriptedApp.create({ docker });
    const all = {
        "../../state/containers": "a web w\nb worker k\n",
        "../../state/log-a": `${at("10:00:00")} one\n${at("10:00:03")} three\n`,
        "../../state/log-b": `${at("10:00:01")} of the worker\n${at("10:00:04")} its key is the-secret-key\n`,
        "../../state/more-a": "",
        "../../state/more-b": "",
        [`releases/${release}/services`]: "web w 1\nworker k 1\n",
        [`releases/${release}/secrets`]: "the-secret-key\n",
        ...files,
    };
    for (const [path, content] of Object.entries(all)) {
        await app.put(path, "");
        await writeFile(app.path(path), content);
    }
    return app;
}

/** What `logs` prints with these words. */
async function logs(words: readonly string[], files: Readonly<Record<string, string | Buffer>> = {}) {
    await using app = await ground(files);
    const { exitCode, stdout, stderr } = await app.start("logs", words);
    return { exitCode, stderr, lines: stdout.split("\n").filter((line) => line !== ""), calls: await app.calls() };
}

suite("the logs of an app", { skip: process.platform !== "linux" }, () => {
    test("are those of its containers in the order of time, without what is secret", async () => {
        const { exitCode, lines, stderr } = await logs([]);
        assert.deepEqual([exitCode, stderr], [0, ""]);
        assert.deepEqual(lines, [
            `${at("10:00:00")} web-1 | one`,
            `${at("10:00:01")} worker-1 | of the worker`,
            `${at("10:00:03")} web-1 | three`,
            `${at("10:00:04")} worker-1 | its key is [secret]`,
        ]);
    });

    test("are those of the processes that are named, whether they run or not", async () => {
        const { lines } = await logs(["worker"], { "../../state/stopped-b": "" });
        assert.equal(lines.length, 2);
        for (const line of lines) assert.match(line, / worker-1 \| /);
        const none = await logs(["clock"]);
        assert.deepEqual([none.exitCode, none.lines], [0, []]);
        assert.match(none.stderr, /^there is nothing that clock of recall could have logged/);
    });

    test("are kept back where nobody knows what is secret in them", async () => {
        for (const list of [{ [`releases/${release}/secrets`]: "" }, { [`releases/${former}/services`]: "" }]) {
            const { lines } = await logs(["--text", "three"], list);
            assert.equal(lines.length, 1);
            assert.match(lines[0] ?? "", /^\(lines are kept back: /);
        }
    });

    test("hide what was secret in any release that is kept, the longest first", async () => {
        const { lines } = await logs(["worker"], {
            [`releases/${former}/secrets`]: "its key is the-secret-key\n",
            "../../state/log-a": "",
        });
        assert.deepEqual(lines.at(-1), `${at("10:00:04")} worker-1 | [secret]`);
    });

    test("begin at a time, for docker and for what is asked of no docker", async () => {
        const { lines, calls } = await logs(["--since", "2026-01-02T10:00:03Z"]);
        assert.deepEqual(
            lines.map((line) => line.slice(11, 19)),
            ["10:00:03", "10:00:04"],
        );
        for (const call of calls.filter((each) => each.startsWith("logs ")))
            assert.match(call, /^logs --timestamps --since 2026-01-02T10:00:03Z \w$/);
        const ago = (await logs(["--since", "-600"])).calls.find((each) => each.startsWith("logs "));
        const [, since = ""] = / --since (\S+) /.exec(ago ?? "") ?? [];
        const seconds = (Date.now() - Date.parse(since)) / 1000;
        assert.ok(seconds >= 600 && seconds < 660, since);
    });

    test("are only the lines in which a text stands, to the letter, and not where they come from", async () => {
        assert.deepEqual((await logs(["--text", "o"])).lines.length, 2);
        assert.deepEqual((await logs(["--text", "web"])).lines, []);
        assert.deepEqual((await logs(["--text", ".*"])).lines, []);
        const awkward = "$(id) \\1 [a] 'q' \"";
        const { lines } = await logs(["--text", awkward], {
            "../../state/log-a": `${at("10:00:00")} x ${awkward} y\n`,
        });
        assert.deepEqual(lines, [`${at("10:00:00")} web-1 | x ${awkward} y`]);
    });

    const kept = {
        [`log/former/web-20260101T000000Z-aaaaaaaaaaaa-${former}.log.gz`]: gzipSync(
            "2026-01-01T00:00:00.0Z of the former web\n",
        ),
        "log/former/worker-20251231T000000Z-bbbbbbbbbbbb.log.gz": gzipSync("2025-12-31T00:00:00.0Z older still\n"),
    };

    test("are on demand those of a release that has served before", async () => {
        assert.equal((await logs([], kept)).lines.length, 4);
        assert.deepEqual((await logs(["--release", former], kept)).lines, [
            "2026-01-01T00:00:00.0Z web-aaaaaaaaaaaa | of the former web",
        ]);
        assert.equal((await logs(["--release", release], kept)).lines.length, 4);
        const other = await logs(["--release", "cccccccccccc"], kept);
        assert.deepEqual([other.exitCode, other.lines], [1, []]);
        assert.match(other.stderr, /neither the release cccccccccccc is kept nor what it has logged/);
    });

    test("are on demand those of all that is kept, those first that are older", async () => {
        const { lines } = await logs(["--release", "all"], kept);
        assert.deepEqual(
            lines.map((line) => line.split(" ")[1]),
            ["worker-bbbbbbbbbbbb", "web-aaaaaaaaaaaa", "web-1", "worker-1", "web-1", "worker-1"],
        );
        const late = await logs(["--release", "all", "--since", "2026-01-01T00:00:00Z", "web"], kept);
        assert.equal(late.lines.length, 3);
    });

    test("say where docker does not give one", async () => {
        const { lines } = await logs([], { "../../state/containers": "gone web w\n" });
        assert.match(lines.join("\n"), /^\S+Z web-1 \| \(Docker does not give this log\)$/);
        const { exitCode, stderr } = await logs([], { "../../state/down": "" });
        assert.equal(exitCode, 1);
        assert.match(stderr, /^Docker does not answer/);
    });

    test("cut a line that has no end, and no secret where it is cut", async () => {
        const long = (text: string) => ({ "../../state/log-a": `${at("10:00:00")} ${text}\n${at("10:00:01")} next\n` });
        const { lines } = await logs(["web"], long("x".repeat(5_000_000)));
        assert.equal(lines.length, 2);
        assert.equal(lines[0]?.length, 4000);
        assert.match(lines[1] ?? "", /next$/);
        // Of this, masking leaves less than is shown.
        const many = (await logs(["web"], long("the-secret-key".repeat(2000)))).lines[0] ?? "";
        assert.match(many, /\| (\[secret\])+[a-z[\]]*$/);
        assert.doesNotMatch(many, /the-s/);
    });

    test("are no line of another container, whatever a container logs", async () => {
        const forged = `${at("09:00:00")} worker-1 | forged`;
        const { lines } = await logs(["web"], {
            "../../state/log-a": `${at("10:00:00")} one\r${forged}\n${forged}\nno time\n`,
        });
        for (const line of lines) assert.match(line, /^\S+ web-1 \| /);
    });

    test("leave nothing behind", async () => {
        await using app = await ground();
        const listing = async () =>
            (await execa("find", [app.root, "-not", "-name", "calls", "-printf", "%p %s\n"])).stdout;
        const before = await listing();
        const run = async () => (await execa("sh", ["-c", "ls -d /run/tmp.* /tmp/tmp.* 2>/dev/null | wc -l"])).stdout;
        const temporary = await run();
        await app.start("logs");
        assert.equal(await listing(), before);
        assert.equal(await run(), temporary);
    });

    test("go on with what is logged, at once and masked, until nobody reads them", async (t) => {
        await using app = await ground();
        const following = execa(app.path("bin/app"), ["logs", "--follow", "--text", "k"], {
            ...{ env: app.environment, reject: false, buffer: false },
        });
        t.after(() => following.kill());
        let text = "";
        following.stdout.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
        });
        await within(60, async () => text.includes("of the worker"));
        await writeFile(
            app.path("../../state/more-b"),
            `${at("10:00:09")} key the-secret-key\n${at("10:00:10")} without\n`,
        );
        await within(60, async () => text.includes("worker-1 | key [secret]\n"));
        assert.doesNotMatch(text, /without|the-secret/);
        assert.match((await app.calls()).join("\n"), /^logs --timestamps --follow --since \S+ b$/m);
        following.stdout.destroy();
        // It ends, and with it whatever holds its standard error.
        assert.ok((await following).exitCode !== undefined);
    });

    test("go on with a container that takes another's place", async (t) => {
        await using app = await ground({ "../../state/containers": "a web w\n" });
        const following = execa(app.path("bin/app"), ["logs", "--follow", "web"], {
            env: app.environment,
            reject: false,
            buffer: false,
        });
        t.after(() => following.kill());
        let text = "";
        following.stdout.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
        });
        await within(60, async () => text.includes("three"));
        // One that is there when it begins to follow is followed from that moment on.
        await within(60, async () => (await app.calls()).some((call) => /^logs .*--follow .* a$/.test(call)));
        await writeFile(app.path("../../state/more-c"), `${at("11:00:00")} of another\n`);
        await writeFile(app.path("../../state/containers"), "a web w\nc web w\n");
        await within(60, async () => text.includes("of another"));
        assert.match((await app.calls()).join("\n"), /^logs --timestamps --follow --since 2026-01-01T00:00:00Z c$/m);
        following.stdout.destroy();
        await following;
    });
});
