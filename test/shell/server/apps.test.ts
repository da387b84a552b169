import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { execa } from "execa";
import { readServerApps } from "../../../ops/serverApps.ts";
import { pretendedMachine } from "./pretendedMachine.ts";

/** A server whose containers, databases and answers are in files. */
const docker = `
case "$*" in
ps*) cat "$MACHINE/containers" || exit 1 ;;
stats*) cat "$MACHINE/memory" ;;
*PGUSER=*) cat >"$MACHINE/asked"; app=\${*#*PGUSER=app_}; app=\${app%% *}; echo "$*" >>"$MACHINE/sessions"; cat "$MACHINE/answer-$app" 2>/dev/null ;;
*psql*) cat >/dev/null; cat "$MACHINE/databases" ;;
esac`;

const record = {
    ...{
        stack: "lab",
        commit: "c0ffee",
        image: "registry.example/recall@sha256:1",
        contentHash: "h",
        workers: 1,
        clock: true,
    },
    ...{
        settings: {},
        secrets: [],
        release: "0123456789ab",
        imageId: "sha256:2",
        applied: "2026-01-02T03:04:05Z",
        by: "root",
    },
};

/** Of an app that runs: what is in its folder and elsewhere. */
const whole = (app: string): Readonly<Record<string, string>> => ({
    [`apps/${app}/owner`]: `${app}-id`,
    [`apps/${app}/database-made`]: "",
    [`apps/${app}/launch.json`]: "{}",
    [`apps/${app}/current/record.json`]: JSON.stringify(record, null, 2),
    [`apps/${app}/current/services`]: "web w 2\nworker k 1\n",
    [`server/caddy/sites/${app}.caddy`]: `${app}.example, www.${app}.example {\n}\n`,
    [`machine/answer-${app}`]: "at 2026-02-03T04:05:06Z\n",
});

const up = (app: string) => [
    `dlgr-app-${app} web dlgr-app-${app}-web-1 Up 2 hours (healthy)`,
    `dlgr-app-${app} web dlgr-app-${app}-web-2 Up 2 hours (healthy)`,
    `dlgr-app-${app} worker dlgr-app-${app}-worker-1 Up 2 hours`,
];

interface Found {
    readonly files?: Readonly<Record<string, string>>;
    readonly containers?: readonly string[];
    readonly databases?: readonly string[];
}

/** What `apps` tells of such a server, and how it ends; with the server's files before and after it. */
async function apps({ files = {}, containers = [], databases = [] }: Found, prepare = "") {
    await using machine = await pretendedMachine({ docker });
    const all = {
        ...files,
        "machine/containers": containers.map((line) => `${line}\n`).join(""),
        "machine/databases": databases.map((line) => `${line}\n`).join(""),
        "machine/memory": "memory dlgr-app-recall-web-1 1.5MiB / 1GiB\nmemory dlgr-app-recall-worker-1 512KiB / 1GiB\n",
    };
    for (const [path, text] of Object.entries(all)) await machine.put(path, text);
    await machine.change(prepare);
    const listing = async () => {
        const args = ["server", "apps", "-mindepth", "1", "-printf", "%p %s %T@\n"];
        return (await execa("find", args, { cwd: machine.root, reject: false })).stdout;
    };
    const before = await listing();
    const { exitCode, stdout, stderr } = await machine.run("./server apps");
    assert.equal(await listing(), before, "only reads");
    const told = exitCode === 0 ? readServerApps(stdout) : [];
    const sessions = machine.has("machine/sessions") ? await machine.read("machine/sessions") : "";
    return {
        exitCode,
        stderr,
        told,
        sessions,
        states: Object.fromEntries(told.map(({ name, state }) => [name, state])),
    };
}

suite("what is told of the apps on a server", { skip: process.platform !== "linux" }, () => {
    test("is nothing where there is none", async () => {
        assert.deepEqual((await apps({})).told, []);
    });

    test("of one that runs is all that its record, its containers and its database say", async () => {
        const { told, exitCode } = await apps({
            files: { ...whole("recall"), "machine/var/lib/dallinger/recall/data.csv": "x" },
            containers: up("recall"),
            databases: ["app_recall app_recall 7000000"],
        });
        assert.equal(exitCode, 0);
        const [app] = told;
        assert.ok(app !== undefined && told.length === 1);
        const { release, disk = 0, ...rest } = app;
        assert.deepEqual(rest, {
            ...{ name: "recall", state: "running", atWork: false, owner: "recall-id", launched: true },
            ...{
                hosts: ["recall.example", "www.recall.example"],
                lastAnswer: "2026-02-03T04:05:06Z",
                memory: 2_097_152,
            },
        });
        assert.equal(release?.release, record.release);
        assert.ok(disk > 7_000_000, "files as well");
    });

    test("tells those that run, are disturbed, stopped, half made and somebody else's apart", async () => {
        const { "apps/half/current/record.json": _, "apps/half/current/services": __, ...half } = whole("half");
        const { states } = await apps({
            files: {
                ...{ ...whole("recall"), ...whole("ill"), ...whole("still"), ...whole("gone"), ...half },
                ...{ ...whole("restored"), "apps/restored/restore-started": "20260101T000000Z" },
                "apps/nobodys/notes": "",
            },
            containers: [
                ...up("recall"),
                ...up("ill").map((line) => line.replace("worker-1 Up 2 hours", "worker-1 Exited (1) 3 minutes ago")),
                ...up("still").map((line) => line.replace(/Up .*/, "Exited (0) 3 minutes ago")),
                ...up("restored"),
                "dlgr-app-left web dlgr-app-left-web-1 Up 2 hours",
            ],
            databases: ["app_recall app_recall 1", "app_strange eve 1"],
        });
        assert.deepEqual(states, {
            ...{ recall: "running", ill: "disturbed", still: "stopped", gone: "stopped" },
            ...{ half: "half-made", restored: "half-made", nobodys: "foreign", left: "foreign", strange: "foreign" },
        });
    });

    for (const status of ["Up 2 hours (unhealthy)", "Up 2 seconds (health: starting)", "Up 2 hours (Paused)"]) {
        test(`is that an app is disturbed while a container is "${status}"`, async () => {
            const containers = up("recall").map((line) => line.replace(/(web-2) .*/, `$1 ${status}`));
            assert.deepEqual((await apps({ files: whole("recall"), containers })).states, { recall: "disturbed" });
        });
    }

    test("is not how much its files take where there are more than can be counted in time", async () => {
        const files = { ...whole("recall"), "machine/var/lib/dallinger/recall/data.csv": "x" };
        const found = await apps(
            { files, containers: up("recall") },
            "printf '#!/bin/sh\\nexit 124\\n' >../../own/timeout; chmod +x ../../own/timeout",
        );
        assert.deepEqual([found.exitCode, found.told[0]?.state, found.told[0]?.disk], [0, "running", undefined]);
    });

    test("is that somebody is at work on one", async () => {
        const { told } = await apps({ files: whole("recall"), containers: up("recall") });
        assert.equal(told[0]?.atWork, false);
        const prepare = `sleep 30 >/dev/null 2>&1 & run=$!; ln -s "$run.$(sed 's/.*) //' /proc/$run/stat | cut -d' ' -f20)" ../../apps/recall/latest-run`;
        assert.equal((await apps({ files: whole("recall"), containers: up("recall") }, prepare)).told[0]?.atWork, true);
    });

    test("is that nobody knows whether one is launched", async () => {
        const { "apps/recall/launch.json": _, ...rest } = whole("recall");
        const unknown = { ...rest, "apps/recall/launch-started": "" };
        assert.equal((await apps({ files: unknown, containers: up("recall") })).told[0]?.launched, "unknown");
    });

    test("is no answer that the database does not give, and never what it says instead", async () => {
        const databases = ["app_recall app_recall 1"];
        for (const [said, told] of [
            ["at \n", null],
            ["", undefined],
            ["at 2026-02-03T04:05:06Z\napp eve\n", undefined],
            ["at \u001b[31mred\n", undefined],
            ["app eve\nowner mine\n", undefined],
            [`at ${"1".repeat(1_000_000)}`, undefined],
        ] as const) {
            const files = { ...whole("recall"), "machine/answer-recall": said };
            const found = await apps({ files, containers: up("recall"), databases });
            assert.deepEqual(
                found.told.map(({ name, lastAnswer }) => [name, lastAnswer]),
                [["recall", told]],
                JSON.stringify(said).slice(0, 40),
            );
        }
    });

    test("is asked of the database as its own role, which only reads and has some seconds", async () => {
        const { sessions } = await apps({
            files: whole("recall"),
            containers: up("recall"),
            databases: ["app_recall app_recall 1"],
        });
        assert.match(sessions, /^exec -i -u nobody -e PGUSER=app_recall .*statement_timeout=5000 .*read_only=on/);
        const others = await apps({
            files: whole("recall"),
            containers: up("recall"),
            databases: ["app_recall eve 1"],
        });
        assert.equal(others.sessions, "", "nobody asks one that is somebody else's");
    });

    test("is nothing, but why, where Docker or PostgreSQL does not answer", async () => {
        for (const [file, message] of [
            ["containers", /Docker does not answer/],
            ["databases", /PostgreSQL does not answer/],
        ] as const) {
            const { exitCode, stderr } = await apps({ files: whole("recall") }, `rm ../../machine/${file}`);
            assert.equal(exitCode, 1);
            assert.match(stderr, message);
        }
    });
});
