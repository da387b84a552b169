import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { EXIT } from "../../../ops/exitStatus.ts";
import { CommandLine, SERVER } from "./commandLine.ts";

const use = [
    ...["layout 2", "up 86400", "load 0.42", "processors 2", "memory 2000000000", "memory-free 1000000000"],
    ...["engine 28.1.1", "disk 40000000000", "disk-free 30000000000", "app recall"],
];

const record = {
    ...{ release: "0123456789ab", image: "registry.example/recall@sha256:0123456789abcdef", stack: "lab1", commit: "" },
    ...{ applied: "2026-01-02T03:04:05Z", by: "root" },
};

/** What a server tells of an app that runs. */
const app = [
    "memory dlgr-app-recall-web-1 61.2MiB / 512MiB",
    ...["app recall", "owner the-owner", "launch known", "hosts recall.example", `record ${JSON.stringify(record)}`],
    ...["wanted web w 1", "container web dlgr-app-recall-web-1 Up 2 hours (healthy)", "database app_recall 7000000"],
    "answered 2026-02-03T04:05:06Z",
];

const told = [
    ...app,
    ...["begun 2026-01-02T03:05:00Z", 'summary [["approved", 2], ["working", 1]]'],
    "inspected dlgr-app-recall-web-1 running healthy 2026-01-02T03:04:05.6Z 3",
    ...["disk 40000000000 30000000000 /", "backup 20260101T000000Z 5000000 here"],
];

/** An answer of the server in lines. */
const says = (...lines: readonly string[]) => `cat <<'EOF'\n${lines.join("\n")}\nEOF\n`;

async function lineWith(t: TestContext, answer: string, experiment: object = { name: "recall" }): Promise<CommandLine> {
    const line = await CommandLine.create(t);
    await line.addExperiment("lab1", experiment);
    await line.answerWith(answer);
    return line;
}

/** How many connections a command has opened. */
const connections = (ssh: string) => ssh.split("\n").filter((each) => each.includes(SERVER.host)).length;

test("servers: a line for each stack that has one, and an exit status when one does not answer", async (t) => {
    const line = await CommandLine.create(t);
    await line.addExperiment("lab1", {}, { outputs: { server: SERVER } });
    await line.addExperiment("lab2", {}, { outputs: { server: { ...SERVER, host: "203.0.113.8" } } });
    await line.addExperiment("recall", {}, { outputs: { url: "https://recall.example" } });
    await line.answerWith(`case $* in *203.0.113.8*) echo "no route to host" >&2; exit 255 ;; esac\n${says(...use)}`);
    const table = await line.run(["servers"]);
    assert.equal(table.exitCode, EXIT.differs, table.stderr);
    const [heading = "", first = "", second = "", ...rest] = table.stdout.split("\n");
    assert.match(heading, /^STACK +SERVER +STATE +DOCKER +LOAD +MEMORY FREE +DISK FREE +APPS$/);
    assert.match(first, /^lab1 +203\.0\.113\.7 +answers +28\.1\.1 +0\.42 of 2 +1 GB of 2 GB +30 GB of 40 GB +recall$/);
    assert.match(second, /^lab2 +203\.0\.113\.8 +203\.0\.113\.8: \S/);
    assert.deepEqual(rest, []);
    assert.equal(connections(table.ssh), 1, "a server is asked once");

    const { exitCode, stdout } = await line.run(["servers", "--json"]);
    assert.equal(exitCode, EXIT.differs);
    const [one, other] = JSON.parse(stdout);
    assert.deepEqual([one.stack, one.host, one.diskFree, one.apps], ["lab1", SERVER.host, 30_000_000_000, ["recall"]]);
    assert.ok(other.problem.startsWith("203.0.113.8: ") && !("layout" in other));
});

test("servers: all is well where all answer, and where there is none", async (t) => {
    const line = await CommandLine.create(t);
    await line.addExperiment("lab1", {}, { outputs: { server: SERVER } });
    await line.answerWith(says(...use));
    assert.equal((await line.run(["servers"])).exitCode, EXIT.done);
    const none = await CommandLine.create(t);
    await none.addExperiment("recall", {}, {});
    assert.deepEqual((await none.run(["servers", "--json"])).stdout, "[]");
});

test("apps: what there is beside the stack's app, by one connection", async (t) => {
    const line = await lineWith(t, says(...app, "app left", "container web dlgr-app-left-web-1 Up 2 hours"));
    const table = await line.run(["apps", "--stack", "lab1"]);
    assert.equal(table.exitCode, EXIT.done, table.stderr);
    const [heading = "", recall = "", left = ""] = table.stdout.split("\n");
    assert.match(heading, /^APP +STATE +ADDRESS +RELEASE +IMAGE +SINCE +STACK +LAST ANSWER +MEMORY +DISK$/);
    assert.match(
        recall,
        /^recall +running +recall\.example +0123456789ab +sha256:0123456789ab +2026-01-02T03:04:05Z +lab1 +2026-02-03T04:05:06Z +64\.2 MB +7 MB$/,
    );
    assert.match(left, /^left +foreign +0 B/);
    assert.equal(connections(table.ssh), 1);

    const listed = JSON.parse((await line.run(["apps", "--json", "--stack", "lab1"])).stdout);
    assert.deepEqual(
        listed.map(({ name, state, owner }: Record<string, unknown>) => [name, state, owner]),
        [
            ["recall", "running", "the-owner"],
            ["left", "foreign", undefined],
        ],
    );
});

test("apps: why, where the server does not tell", async (t) => {
    const line = await lineWith(t, 'echo "PostgreSQL does not answer on this server" >&2; exit 1');
    const { exitCode, stdout, stderr } = await line.run(["apps", "--stack", "lab1"]);
    assert.deepEqual([exitCode, stdout], [EXIT.refused, ""]);
    assert.equal(stderr, "203.0.113.7: PostgreSQL does not answer on this server");
});

test("status: all that is known of the app, by one connection, and that all is well", async (t) => {
    const line = await lineWith(t, says(...told.filter((each) => !each.startsWith("hosts")), "whole yes"));
    const { exitCode, stdout, stderr, ssh } = await line.run(["status", "--stack", "lab1"]);
    assert.equal(exitCode, EXIT.done, stdout + stderr);
    for (const expected of [
        /^recall +running$/m,
        /^release +0123456789ab \(sha256:0123456789ab\), since 2026-01-02T03:04:05Z, by root$/m,
        /^launch +launched, begun 2026-01-02T03:05:00Z$/m,
        /^participants +2 approved, 1 working; the last answer was at 2026-02-03T04:05:06Z$/m,
        /^backups +1, the latest 20260101T000000Z \(\d+ days old, 5 MB\); 1 only on the server$/m,
        /^CONTAINER +STATE +SINCE +RESTARTS +MEMORY\ndlgr-app-recall-web-1 +running, healthy +2026-01-02T03:04:05Z +3 +64\.2 MB$/m,
        /^DISK +FREE +OF\n\/ +30 GB +40 GB$/m,
        /\n\nall is as it should be$/,
    ])
        assert.match(stdout, expected);
    assert.equal(connections(ssh), 1);
    assert.match(ssh, /\/srv\/dallinger\/apps\/recall\/bin\/app status none '' none$/m);
});

test("status: what is not as it should be is told last, and by the exit status", async (t) => {
    const worse = told.map((each) => each.replace(" Up 2 hours (healthy)", " Up 2 hours (unhealthy)"));
    const line = await lineWith(t, says(...worse, "differs web: 0 of 1 as they should be", "whole yes"), {
        ...{ name: "recall", limits: { freeSpace: "60g" } },
    });
    const { exitCode, stdout } = await line.run(["status", "--stack", "lab1"]);
    assert.equal(exitCode, EXIT.differs);
    const problems = [
        "state: it is disturbed",
        "certificate: none of recall.example was found",
        "disk: 30 GB are free on /, and 64.4 GB should be",
        "web: 0 of 1 as they should be",
    ];
    assert.ok(stdout.endsWith(`\nnot as it should be:\n${problems.join("\n")}`), stdout);
    const json = await line.run(["status", "--json", "--stack", "lab1"]);
    assert.equal(json.exitCode, EXIT.differs);
    const found = JSON.parse(json.stdout);
    assert.deepEqual(found.problems, problems);
    assert.deepEqual(found.participants, { approved: 2, working: 1 });
    assert.deepEqual(found.backups, [{ name: "20260101T000000Z", size: 5_000_000, fetched: false, offServer: false }]);
});

test("status: an app's own words stay behind what they are words of", async (t) => {
    const hostile = told.map((each) => each.replace("root", "\u001b[2Jroot\u202e"));
    const line = await lineWith(t, says(...hostile, "whole yes"));
    assert.doesNotMatch((await line.run(["status", "--stack", "lab1"])).stdout, /(?!\n)[\p{Cc}\u202e]/u);
});

test("status: why, where the server does not tell, or has not told all", async (t) => {
    const older = '"status" is nothing that the scripts on this server can do to an app: run `./pulumi up` first';
    const line = await lineWith(t, `echo '${older}' >&2; exit 1`);
    const refused = await line.run(["status", "--stack", "lab1"]);
    assert.deepEqual([refused.exitCode, refused.stdout, refused.stderr], [EXIT.refused, "", `203.0.113.7: ${older}`]);
    await line.answerWith(says(...told));
    const broken = await line.run(["status", "--json", "--stack", "lab1"]);
    assert.deepEqual([broken.exitCode, broken.stdout], [EXIT.refused, ""]);
    assert.match(broken.stderr, /has not told all of the app/);
});

/** An engine on this machine, whose containers are those of an app, with a web at a port of this machine. */
async function engineWith(t: TestContext, port: number, counted = ""): Promise<CommandLine> {
    const line = await CommandLine.create(t);
    await line.addExperiment("here", { name: "recall", on: "local" });
    const [project, name] = ["recall-a1b2c3", "recall-a1b2c3-web-1"];
    const labels = `com.docker.compose.project=${project},com.docker.compose.service=web,com.docker.compose.config-hash=pulumi`;
    const listed = {
        Names: name,
        Status: "Up 2 hours (healthy)",
        Ports: `127.0.0.1:${port}->5000/tcp`,
        Labels: labels,
    };
    const inspected = {
        ...{ Name: `/${name}`, RestartCount: 0, Config: { Labels: { "com.docker.compose.service": "web" } } },
        State: { Status: "running", StartedAt: "2026-01-02T03:04:05.6Z", Health: { Status: "healthy" } },
    };
    const used = { Name: name, CPUPerc: "0.52%", MemUsage: "61.2MiB / 512MiB", NetIO: "1.2kB / 3MB" };
    const cases = [
        `"ps -aq"*) echo a1b2c3d4 ;;`,
        `"ps -a "*) echo '${JSON.stringify(listed)}' ;;`,
        `stats*) echo '${JSON.stringify(used)}' ;;`,
        `inspect*) echo '${JSON.stringify([inspected])}' ;;`,
        `"compose "*" ps "*) echo "a1 ${name}" ;;`,
        `"logs "*) printf '2026-01-02T03:04:05.6Z one\\n2026-01-02T03:04:06.6Z \\033[31mtwo\\n' ;;`,
        `"compose "*psql*) cat >/dev/null; printf '${counted}' ;;`,
    ];
    await line.script(
        "bin/docker",
        `case "$*" in\n${cases.join("\n")}\n*) echo "a stand-in cannot: $*" >&2; exit 1 ;;\nesac`,
    );
    return line;
}

/** A web that answers everything with this. */
async function webSaying(t: TestContext, text: string): Promise<number> {
    const server = createServer((_, response) => response.end(text)).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    return Object(server.address()).port;
}

test("apps: those of this machine where the stack's app is one, without ssh", async (t) => {
    const line = await engineWith(t, 5000);
    const { exitCode, stdout, stderr, ssh } = await line.run(["apps", "--stack", "here"]);
    assert.equal(exitCode, EXIT.done, stderr);
    assert.match(stdout, /^recall-a1b2c3 +running +localhost:5000 +64\.2 MB$/m);
    assert.equal(ssh, "");
    const [app] = JSON.parse((await line.run(["apps", "--json", "--stack", "here"])).stdout);
    assert.deepEqual([app.name, app.state, app.memory], ["recall-a1b2c3", "running", 64_172_851]);
    await line.script("bin/docker", 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    const refused = await line.run(["apps", "--stack", "here"]);
    assert.deepEqual([refused.exitCode, refused.stdout], [EXIT.refused, ""]);
    assert.match(refused.stderr, /^the Docker engine of this machine does not answer: Cannot connect/);
});

test("status: of an app on this machine, what has a meaning there", async (t) => {
    const port = await webSaying(t, '{"summary": [["approved", 2]], "status": "success"}');
    const line = await engineWith(t, port, "at 2026-02-03T04:05:06Z\\nstate approved 3\\nend\\n");
    const state = "project/local/recall-a1b2c3/state";
    await mkdir(join(line.folder, state), { recursive: true });
    await writeFile(join(line.folder, state, "launch-started"), "2026-01-02T03:05:00.123Z");
    await writeFile(join(line.folder, state, "launch.json"), "{}");
    const { exitCode, stdout, stderr, ssh } = await line.run(["status", "--stack", "here"]);
    assert.deepEqual([exitCode, ssh], [EXIT.done, ""], stderr);
    assert.match(stdout, new RegExp(`^address +http://localhost:${port}$`, "m"));
    assert.match(stdout, /^launch +launched, begun 2026-01-02T03:05:00Z$/m);
    assert.match(stdout, /^participants +2 approved; the last answer was at 2026-02-03T04:05:06Z$/m);
    assert.match(stdout, /^recall-a1b2c3-web-1 +running, healthy +2026-01-02T03:04:05Z +0 +64\.2 MB$/m);
    assert.doesNotMatch(stdout, /CERTIFICATE|DISK|^backups/m);
    const found = JSON.parse((await line.run(["status", "--json", "--stack", "here"])).stdout);
    assert.deepEqual([found.participants, found.launched, found.problems], [{ approved: 2 }, true, []]);
});

test("status: of an app on this machine whose web does not tell, by its tables; and unknown where they do not", async (t) => {
    const port = await webSaying(t, "an error page");
    const line = await engineWith(t, port, "at \\nstate approved 3\\nend\\n");
    const counted = JSON.parse((await line.run(["status", "--json", "--stack", "here"])).stdout);
    assert.deepEqual([counted.participants, counted.lastAnswer], [{ approved: 3 }, null]);
    assert.deepEqual(counted.problems, ["launch: it is not launched yet, which the next `./pulumi up` does"]);
    const silent = await (await engineWith(t, port)).run(["status", "--json", "--stack", "here"]);
    assert.equal(silent.exitCode, EXIT.differs);
    assert.equal(JSON.parse(silent.stdout).participants, "unknown");
});

test("logs: what the app has logged, for a terminal that takes no commands from it", async (t) => {
    const line = await lineWith(
        t,
        "printf '2026-01-02T03:04:05Z web-1 | \\033[31mred\\n\\n2026-01-02T03:04:06Z web-1 | next\\n'",
    );
    const options = ["--since", "10m", "--grep", "r d", "--release", "all"];
    const { exitCode, stdout, stderr, ssh } = await line.run(["logs", "web", ...options, "--stack", "lab1"]);
    assert.deepEqual([exitCode, stderr], [EXIT.done, ""]);
    assert.equal(stdout, "2026-01-02T03:04:05Z web-1 | red\n2026-01-02T03:04:06Z web-1 | next");
    assert.match(ssh, /bin\/app logs --since -600 --text 'r d' --release all web$/m);
    assert.equal(connections(ssh), 1);
});

test("logs: on this machine, without ssh", async (t) => {
    const line = await engineWith(t, 5000);
    const { exitCode, stdout, ssh } = await line.run(["logs", "--grep", "two", "--stack", "here"]);
    assert.deepEqual([exitCode, ssh], [EXIT.done, ""]);
    assert.equal(stdout, "2026-01-02T03:04:06.6Z recall-a1b2c3-web-1 | two");
    const refused = await line.run(["logs", "--release", "all", "--stack", "here"]);
    assert.deepEqual([refused.exitCode, refused.stdout], [EXIT.refused, ""]);
});

test("logs: what they cannot begin at, or be of, is said before anything is asked", async (t) => {
    const line = await lineWith(t, "");
    for (const [option, value, why] of [
        ["--since", "yesterday", /'yesterday' is invalid\. It has to be how long ago, as 10m, .* or a UTC time/],
        ["--release", "recall", /'recall' is invalid\. It has to be `all`, or a release/],
    ] as const) {
        const { exitCode, stderr, asked, ssh } = await line.run(["logs", option, value, "--stack", "lab1"]);
        assert.deepEqual([exitCode, asked, ssh], [EXIT.misused, "", ""]);
        assert.match(stderr, why);
    }
});

test("logs: nobody who has read enough of them sees an error", async (t) => {
    const line = await lineWith(t, "exec yes '2026-01-02T03:04:05Z web-1 | on and on'");
    const running = line.start(["logs", "--stack", "lab1"]);
    await once(running.stdout, "data");
    running.stdout.destroy();
    const { exitCode, stderr } = await running;
    assert.deepEqual([exitCode, stderr], [EXIT.done, ""]);
});

const used = (name: string) =>
    JSON.stringify({ Name: name, CPUPerc: "0.52%", MemUsage: "61.2MiB / 512MiB", NetIO: "1.2kB / 3MB", PIDs: "5" });
const sample = [
    ...["accepted recall-web-1 10 100.00", used("recall-web-1"), used("recall-redis-1")],
    "accepted recall-web-1 15 102.00",
];

test("stats: what containers use, and how many requests a web takes, by one connection", async (t) => {
    const line = await lineWith(t, says(...sample));
    const { exitCode, stdout, stderr, ssh } = await line.run(["stats", "--stack", "lab1"]);
    assert.deepEqual([exitCode, stderr, connections(ssh)], [EXIT.done, "", 1]);
    const [heading = "", web = "", redis = ""] = stdout.split("\n");
    assert.match(heading, /^CONTAINER +OF A PROCESSOR +MEMORY +REQUESTS\/S +NETWORK IN \/ OUT$/);
    assert.match(web, /^recall-web-1 +0\.52% +61\.2MiB \/ 512MiB +2\.5 +1\.2kB \/ 3MB$/);
    assert.match(redis, /^recall-redis-1 +0\.52% +61\.2MiB \/ 512MiB +1\.2kB \/ 3MB$/);
    const use = { processor: "0.52%", memory: "61.2MiB / 512MiB", network: "1.2kB / 3MB" };
    assert.deepEqual(JSON.parse((await line.run(["stats", "--json", "--stack", "lab1"])).stdout), [
        { name: "recall-web-1", ...use, requests: 2.5 },
        { name: "recall-redis-1", ...use },
    ]);
    await line.answerWith('echo "Docker does not answer" >&2; exit 1');
    const refused = await line.run(["stats", "--once", "--stack", "lab1"]);
    assert.deepEqual([refused.exitCode, refused.stdout], [EXIT.refused, ""]);
});

test("stats: of an app on this machine, without requests, which nobody counts there", async (t) => {
    const line = await engineWith(t, 5000);
    await line.script("bin/docker", `case "$*" in *" ps -q") echo a1 ;; *) echo '${used("recall-web-1")}' ;; esac`);
    const { exitCode, stdout, ssh } = await line.run(["stats", "--stack", "here"]);
    assert.deepEqual([exitCode, ssh], [EXIT.done, ""]);
    assert.match(stdout, /^CONTAINER +OF A PROCESSOR +MEMORY +NETWORK IN \/ OUT\nrecall-web-1 +0\.52% .* 3MB$/);
});

for (const key of ["q", "\u0003"]) {
    test(`stats: go on at a terminal, by one connection, until ${JSON.stringify(key)}, and leave it as it was`, async (t) => {
        const line = await lineWith(
            t,
            `while sleep 0.2; do\n${says(...sample, "end")}echo drawn >>"$NOTES/drawn"\ndone`,
        );
        async function* typed() {
            while ((await line.note("drawn")).split("\n").length < 4) await setTimeout(50);
            yield key;
        }
        const { stdout } = await line.atTerminal(["stats", "--stack", "lab1"], typed());
        const [before = "", ...rest] = stdout.split("\r\n");
        assert.equal(rest.at(-1), before);
        assert.ok(rest.at(-2)?.endsWith("\u001b[?1049lstatus 0"), "the screen that was there before, and all is well");
        assert.equal(stdout.split("\u001b[?1049h").length, 2);
        assert.ok(stdout.split("REQUESTS/S").length > 2, "drawn more than once");
        assert.equal(connections(await line.note("ssh")), 1);
    });
}

test("stats: a terminal is left as it was where the server has no more to tell", async (t) => {
    const line = await lineWith(t, says(...sample));
    const { stdout } = await line.atTerminal(["stats", "--stack", "lab1"], []);
    const [before = "", ...rest] = stdout.split("\r\n");
    assert.equal(rest.at(-1), before);
    assert.match(stdout, /\[\?1049l.*the server tells it only once: run `\.\/pulumi up` first.*\r\nstatus 1/s);
});
