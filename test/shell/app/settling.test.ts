import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { placeDoor, serverFolder } from "../serverScripts.ts";

/** Docker with the web, the worker and the clock of a release. `starts` and `states` are what it says of them, a line a look. */
const docker = `#!/bin/sh
echo "$*" >>"$MACHINE/calls"
# next FILE: its first line, and from then on the one after it, as long as there is one.
next() {
    head -n 1 "$MACHINE/$1"
    [ "$(wc -l <"$MACHINE/$1")" -le 1 ] || sed -i 1d "$MACHINE/$1"
}
case $* in
"ps -q "*) echo web ;;
*service=web*) echo web ;;
*service=worker*) [ ! -e "$MACHINE/no-worker-known" ] || exit 1; echo worker ;;
*service=clock*) echo clock ;;
*StartedAt*) next starts | tr , "\\n" ;;
*RestartCount*) next states | tr , "\\n" ;;
exec*summary*) [ ! -e "$MACHINE/hung" ] ;;
exec*) echo '{"status": "success", "recruitment_msg": "ready"}' ;;
esac
`;

const well = "true healthy 0,true healthy 0,true healthy 0";
const started = "web 10:00:01,worker 10:00:01,clock 10:00:01";
const startedAgain = "web 10:00:04,worker 10:00:01,clock 10:00:01";

suite("the launch of a first release", { skip: process.platform !== "linux", concurrency: 4 }, () => {
    test("waits until what was started has run well as long as it has to", async () => {
        await using app = await firstRelease({ starts: [started], states: [well] });
        const { exitCode, stdout } = await app.launch();
        assert.equal(exitCode, 0);
        assert.match(stdout, /"success"/);
        assert.ok((await app.slept()) > 0.5, String(await app.slept()));
        assert.ok((await app.slept()) <= 5, String(await app.slept()));
        assert.equal(existsSync(app.unsettled), false);
    });

    test("does not wait where it has settled while the site was made", async () => {
        await using app = await firstRelease({ starts: [started], states: [well], seconds: -1 });
        assert.equal((await app.launch()).exitCode, 0);
        assert.equal(await app.slept(), 0);
    });

    for (const [name, seen] of [
        ["has ended", { starts: [started], states: ["true healthy 0,false healthy 0,true healthy 0"] }],
        ["is not healthy any more", { starts: [started], states: ["true unhealthy 0,true healthy 0,true healthy 0"] }],
        ["was started again meanwhile", { starts: [started, startedAgain], states: [well] }],
    ] as const) {
        test(`recruits nobody where a container ${name}`, async () => {
            await using app = await firstRelease(seen);
            const { exitCode, stderr } = await app.launch();
            assert.equal(exitCode, 1);
            assert.match(
                stderr,
                /^recall is not launched, because a container of the first release has ended, or is not healthy: /m,
            );
            assert.equal(existsSync(app.mark), false);
            assert.doesNotMatch(await app.calls(), /^exec.*recall\.example/m);
        });
    }

    test("recruits nobody where the web does not answer any more", async () => {
        await using app = await firstRelease({ starts: [started], states: [well] });
        await app.make("hung");
        const { exitCode, stderr } = await app.launch();
        assert.equal(exitCode, 1);
        assert.match(stderr, /^recall is not launched, because its web does not answer: /m);
        assert.equal(existsSync(app.mark), false);
    });

    for (const [name, seen, file] of [
        ["has gone", { starts: [started], states: ["true healthy 0,true healthy 0"] }, "none"],
        ["docker does not tell of", { starts: [started], states: [well] }, "no-worker-known"],
    ] as const) {
        test(`recruits nobody where there is a container that ${name}`, async () => {
            await using app = await firstRelease(seen);
            await app.make(file);
            assert.equal((await app.launch()).exitCode, 1);
            assert.equal(existsSync(app.mark), false);
        });
    }

    test("recruits nobody when a later command has come while it waited, a removal perhaps", async () => {
        await using app = await firstRelease({ starts: [started], states: [well] });
        await app.sleep('ln -sfn 1.1 "$MACHINE/../latest-run"');
        const { exitCode, stderr } = await app.launch();
        assert.equal(exitCode, 1);
        assert.match(stderr, /a later command has come while this one waited/);
        assert.equal(existsSync(app.mark), false);
    });

    test("waits for a container that docker has yet to ask whether it is healthy", async () => {
        const starting = well.replace(/healthy 0$/, "starting 0");
        await using app = await firstRelease({ starts: [started], states: [starting, starting, well] });
        assert.match((await app.launch()).stdout, /"success"/);
    });

    test("does not wait for months until a moment of an earlier start of the machine", async () => {
        await using app = await firstRelease({ starts: [started], states: [well], seconds: 7_000_000 });
        assert.match((await app.launch()).stdout, /"success"/);
        // Half a second before the moment, and at it: the first sleep has taken no time here.
        assert.ok((await app.slept()) <= 7.5 + 8, String(await app.slept()));
    });

    test("is made by the next try once what was started again stays", async () => {
        await using app = await firstRelease({ starts: [started, startedAgain], states: [well] });
        assert.equal((await app.launch()).exitCode, 1);
        assert.match((await app.launch()).stdout, /"success"/);
        assert.ok((await app.slept()) > 4.5, "it had to run well for as long again");
    });

    test("is not made where docker does not say what runs, and is the next time", async () => {
        await using app = await firstRelease({ starts: [started], states: [well] });
        await app.docker("#!/bin/sh\nexit 1\n");
        const { exitCode, stderr } = await app.launch();
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /^recall is not launched, because no process of it runs on this server, or Docker does not answer there: /m,
        );
        await app.docker(docker);
        assert.equal((await app.launch()).exitCode, 0);
    });
});

interface Seen {
    readonly starts: readonly string[];
    readonly states: readonly string[];
    /** Until the release has settled. */
    readonly seconds?: number;
}

/** An app whose first release has yet to settle. `sleep` does not, and notes how long. */
async function firstRelease({ starts, states, seconds = 2 }: Seen) {
    const { root } = await serverFolder();
    const folder = join(root, "apps/recall");
    const machine = join(folder, "machine");
    await placeDoor(root, join(folder, "bin"), "app");
    for (const made of ["log", "current", "machine"]) await mkdir(join(folder, made));
    await writeFile(join(folder, "current/services"), "web w 1\nworker k 1\nclock c 1\n");
    await writeFile(join(folder, "current/secrets"), "a secret of the app\n");
    await mkdir(join(root, "server/caddy/upstreams"), { recursive: true });
    await writeFile(join(root, "server/caddy/upstreams/recall"), "web:5000");
    const unsettled = join(folder, "release-settling");
    const uptime = Number((await readFile("/proc/uptime", "utf8")).split(" ")[0]);
    const noted = [Math.round((uptime + seconds) * 100), ...(starts[0] ?? "").split(","), ""];
    await writeFile(unsettled, noted.join("\n"));
    await writeFile(join(machine, "starts"), `${starts.join("\n")}\n`);
    await writeFile(join(machine, "states"), `${states.join("\n")}\n`);
    await writeFile(join(machine, "sleep"), '#!/bin/sh\necho "$1" >>"$MACHINE/slept"\n', { mode: 0o755 });
    const place = async (text: string, program = "docker") =>
        await writeFile(join(machine, program), text, { mode: 0o755 });
    await place(docker);
    const read = async (name: string) => await readFile(join(machine, name), "utf8").catch(() => "");
    const env = { PATH: `${machine}:${process.env.PATH}`, MACHINE: machine };
    return {
        unsettled,
        mark: join(folder, "launch-started"),
        docker: place,
        /** Has every `sleep` do this. */
        sleep: async (text: string) => await place(`#!/bin/sh\n${text}\n`, "sleep"),
        make: async (name: string) => await writeFile(join(machine, name), ""),
        calls: async () => await read("calls"),
        /** Seconds. */
        slept: async () => (await read("slept")).split("\n").reduce((all, one) => all + Number(one), 0),
        launch: async () =>
            await execa(join(folder, "bin/app"), ["launch", "apply", "recall.example"], {
                reject: false,
                env,
                input: "",
            }),
        [Symbol.asyncDispose]: async () => await rm(root, { recursive: true, force: true }),
    };
}
