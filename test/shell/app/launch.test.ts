import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { placeDoor, serverFolder } from "../serverScripts.ts";

type Answer = (response: ServerResponse) => void;

/** Dallinger's own, word for word. */
const launched = json(200, {
    status: "success",
    recruitment_msg: "Initial recruitment list:\nhttps://recall.example/ad",
});
const failed = (message: string) => json(500, { status: "error", message });
const details = "check experiment server log for details";
const hangUp: Answer = (response) => response.destroy();

/** Answers after which nobody can have been recruited. */
const early: Readonly<Record<string, Answer>> = {
    configuration: failed("Failed to load configuration before /launch: bad config.txt"),
    "protected routes": failed(
        'Failed to load experiment before /launch while checking protected routes: Unauthorized call to protected route "/launch"',
    ),
    before_request: failed("Experiment before_request failed before /launch: no"),
    "the experiment": failed("Failed to load experiment in /launch: No module named 'numpy'"),
    "its log, before Dallinger 11.5": failed("IOError writing to experiment log: disk full"),
    "on_launch, before Dallinger 11.5": failed(`An error occurred when calling on_launch(), ${details}: no`),
    "setup, in several lines": failed(
        `An error occurred while setting up experiment, ${details}: (psycopg2) ERROR\nLINE 1`,
    ),
    "an unknown recruiter": failed(`Failed to open recruitment, ${details}: No such recruiter nobody`),
};

/** Answers after which somebody may have been. */
const late: Readonly<Record<string, Answer>> = {
    "the recruiter's answer was lost": failed(
        `Failed to open recruitment, ${details}: ('Connection aborted.', timeout())`,
    ),
    "one of several recruiters": failed(
        `Failed to open recruitment, ${details}: The following config parameter was not set: prolific_project. Consider setting it in config.txt or in ~/.dallingerconfig.`,
    ),
    "a recruiter's text with an early one in it": failed(
        `Failed to open recruitment, ${details}: Failed to load experiment in /launch: no`,
    ),
    "an early text, and more": failed(`Failed to open recruitment, ${details}: No such recruiter a b`),
    "the tasks after it": failed(`Failed to spawn task on launch: <function task>, ${details}`),
    "an unknown text": failed("Something else"),
    "an early text with another status": json(502, {
        status: "error",
        message: "Failed to load experiment in /launch: no",
    }),
    "no message": json(500, { status: "error" }),
    "a message that is no text": json(500, { status: "error", message: ["Failed to load experiment in /launch: no"] }),
    "success with another status": json(500, { status: "success", recruitment_msg: "" }),
    "a page": (response) => response.writeHead(500).end("<html>Internal Server Error\n</html>"),
    "another page that says yes": (response) => response.writeHead(200).end("success"),
    "no object": json(200, ["success"]),
    "half an answer": (response) => {
        response.writeHead(200, { "Content-Length": 1000 }).write('{"status": "success"');
        setTimeout(hangUp, 50, response);
    },
    "no answer": hangUp,
};

suite("a launch", { skip: process.platform !== "linux", concurrency: 4 }, () => {
    for (const [name, answer] of Object.entries(early)) {
        test(`that fails before recruitment is made again: ${name}`, async () => {
            await using app = await launchableApp(answer, launched);
            const { exitCode, stderr } = await app.script("apply", "recall.example");
            assert.equal(exitCode, 1);
            assert.match(
                stderr,
                /"status": "error".*\nDallinger did not launch the experiment: .* run `\.\/pulumi up` again$/,
            );
            assert.equal(await app.mark(), "");
            assert.match((await app.script("apply", "recall.example")).stdout, /"recruitment_msg": "Initial/);
            assert.deepEqual(app.posts(), ["POST /launch recall.example", "POST /launch recall.example"]);
        });
    }

    for (const [name, answer] of Object.entries(late)) {
        test(`that may have recruited is not repeated, and no second study is paid for: ${name}`, async () => {
            await using app = await launchableApp(answer, launched);
            const { exitCode, stderr } = await app.script("apply", "recall.example");
            assert.equal(exitCode, 1);
            assert.match(stderr, /a launch of recall was begun at \d{4}-\d\d-\d\dT[\d:]+Z and .* it is not repeated: /);
            assert.match(
                stderr,
                /: `\.\/ops\/dallinger launch accept`; if not: `\.\/ops\/dallinger launch forget` \(or `sudo \S+bin\/app launch accept`, or `forget`, there\)/,
            );
            assert.deepEqual(unmarked((await app.script("apply", "recall.example")).stderr), unmarked(stderr));
            assert.deepEqual(app.posts(), ["POST /launch recall.example"]);
        });
    }

    test("that recruited, or not, shows what was answered, each time, and without secrets", async () => {
        const { "the recruiter's answer was lost": lost = hangUp } = late;
        await using app = await launchableApp(lost, launched);
        await writeFile(join(app.folder, "current/secrets"), "aborted.\n");
        for (const _ of [1, 2]) {
            const [shown, advice] = (await app.script("apply", "recall.example")).stderr.split("\n").slice(-2);
            assert.match(shown ?? "", /Failed to open recruitment, .*: \('Connection \[secret\]', timeout/);
            assert.match(
                advice ?? "",
                /and Dallinger's answer, the line above, is one that also comes after participants/,
            );
        }
        assert.equal((await app.script("forget")).exitCode, 0);
        assert.equal((await app.script("apply", "recall.example")).exitCode, 0);
        assert.equal(app.posts().length, 2);
    });

    test("to which nothing answered says so, and is one that a person accepts", async () => {
        await using app = await launchableApp(hangUp);
        assert.match(
            (await app.script("apply", "recall.example")).stderr,
            / and its answer never arrived, so it is not/,
        );
        assert.equal((await app.script("accept")).exitCode, 0);
        assert.match((await app.script("apply", "recall.example")).stdout, /the launch confirmed by hand/);
        assert.equal(app.posts().length, 1);
    });

    test("is shown, whatever is known of it, without being made", async () => {
        await using app = await launchableApp(hangUp, launched);
        const show = async () => (await app.script("show")).stdout.split("\n");
        assert.deepEqual(await show(), ["state none"]);
        await app.script("apply", "recall.example");
        const [state, begun] = await show();
        assert.equal(state, "state unknown");
        assert.match(begun ?? "", /^begun \d{4}-\d\d-\d\dT[\d:]+Z$/);
        assert.equal((await app.script("forget")).exitCode, 0);
        await app.script("apply", "recall.example");
        assert.match(
            (await show()).join("\n"),
            /^state known\nbegun \S+\nanswer \{"status": "success", "recruitment_msg"/,
        );
        assert.equal(app.posts().length, 2);
    });

    test("is resolved once somebody who has seen it says yes, and not before", async () => {
        await using app = await launchableApp(hangUp);
        await app.script("apply", "recall.example");
        const no = await app.told("no\n", "ask", "forget");
        assert.equal(no.exitCode, 1);
        assert.notEqual(await app.mark(), "");
        assert.equal((await app.told("", "ask", "accept")).exitCode, 1);
        const yes = await app.told("yes\n", "ask", "accept");
        assert.match(yes.stdout, /^state unknown\nbegun \S+\nend\nstate known\nbegun \S+\nanswer .*by hand.*\nend$/);
    });

    test("for which nothing could be sent leaves no mark", async () => {
        await using app = await launchableApp();
        app.close();
        const { exitCode, stderr } = await app.script("apply", "recall.example");
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /^launching the experiment\nthe web process does not listen: .*\nDallinger did not launch/,
        );
        assert.equal(await app.mark(), "");
    });

    test("whose answer is known is not taken back, nor made again", async () => {
        await using app = await launchableApp(launched);
        assert.equal((await app.script("apply", "recall.example")).exitCode, 0);
        assert.match((await app.script("forget")).stderr, /recall is launched, .* nothing to forget/);
        assert.match((await app.script("accept")).stderr, /recall is launched, .* nothing to accept/);
        assert.match((await app.script("apply", "recall.example")).stdout, /"recruitment_msg": "Initial/);
        assert.equal(app.posts().length, 1);
    });

    test("is not forgotten while it is at work", async () => {
        const held = Promise.withResolvers<ServerResponse>();
        await using app = await launchableApp(held.resolve, launched);
        const launch = app.script("apply", "recall.example");
        const response = await held.promise;
        const forgotten = app.script("forget");
        // It waits for the launch; without that the mark would be gone in the next 300 ms.
        await new Promise((wait) => setTimeout(wait, 300));
        assert.notEqual(await app.mark(), "");
        launched(response);
        assert.match((await launch).stdout, /"recruitment_msg": "Initial/);
        assert.match((await forgotten).stderr, /nothing to forget/);
        assert.notEqual(await app.mark(), "");
    });
});

function json(status: number, body: unknown): Answer {
    return (response) => response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

/** What is said after the progress. */
function unmarked(stderr: string): string[] {
    const lines = stderr.split("\n").filter((line) => line !== "launching the experiment");
    return lines.slice(-1);
}

/** An app on a server, whose web gives these answers in turn. `docker exec` runs the program here, against that web's port. */
async function launchableApp(...answers: Answer[]) {
    const { root } = await serverFolder();
    const folder = join(root, "apps/recall");
    await placeDoor(root, join(folder, "bin"), "app");
    for (const made of ["log", "current", "machine"]) await mkdir(join(folder, made));
    await mkdir(join(root, "server/caddy/upstreams"), { recursive: true });
    await writeFile(join(root, "server/caddy/upstreams/recall"), "web:5000");
    await writeFile(join(folder, "current/secrets"), "a secret of the app\n");

    const posts: string[] = [];
    const web = createServer(({ method, url, headers }, response) => {
        posts.push(`${method} ${url} ${headers["x-forwarded-host"]}`);
        answers.shift()?.(response);
    });
    await new Promise<void>((listening) => web.listen(0, "127.0.0.1", listening));
    const address = web.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const docker = [
        'case "$*" in',
        "ps*) echo web-id ;;",
        `"exec -i web-id python3 - "*) sed 's/"127.0.0.1", 5000/"127.0.0.1", ${port}/' | python3 - "$6" ;;`,
        "*) exit 99 ;;",
        "esac",
    ];
    await writeFile(join(folder, "machine/docker"), ["#!/bin/sh", ...docker, ""].join("\n"), { mode: 0o755 });
    const close = () => {
        web.closeAllConnections();
        web.close();
    };
    const told = async (input: string, ...args: string[]) => {
        const PATH = `${join(folder, "machine")}:${process.env.PATH}`;
        return await execa(join(folder, "bin/app"), ["launch", ...args], { reject: false, env: { PATH }, input });
    };
    return {
        folder,
        close,
        posts: () => posts,
        /** What the mark says; empty where there is none. */
        mark: async () => {
            const mark = join(folder, "launch-started");
            return existsSync(mark) ? await readFile(mark, "utf8") : "";
        },
        script: async (...args: string[]) => await told("", ...args),
        told,
        [Symbol.asyncDispose]: async () => {
            close();
            await rm(root, { recursive: true, force: true });
        },
    };
}
