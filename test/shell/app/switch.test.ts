import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { placeScripts, serverFolder } from "../serverScripts.ts";

/** Docker on a server whose clock has been stopped this moment: its list still has it among those that run. */
const docker = `#!/bin/sh
echo "$*" >>"$CALLS"
case $* in
"ps -a --no-trunc"*) echo "old former" && grep -q "up --no-start --no-deps" "$CALLS" && echo "new wanted" || : ;;
"ps "*) echo old ;;
"inspect --format {{.State.Running}} {{if"*) echo "true healthy 0" ;;
"inspect --format {{.State.Running}} old") echo false ;;
esac
`;

/** Docker that is being restarted: it answers the third question, and the container is still starting then. */
const restartedDocker = `#!/bin/sh
echo "$*" >>"$CALLS"
case $(wc -l <"$CALLS") in
1 | 2) exit 1 ;;
3) echo "true starting 0" ;;
*) echo "true healthy 0" ;;
esac
`;

/** Docker that knows one process, and what awk counts in that one's connections, one number after the other; then the last one. */
function connected(counts: readonly number[]): Programs {
    const awk = `#!/bin/sh
echo counted >>"$CALLS"
number=$(grep -c counted "$CALLS")
set -- ${counts.join(" ")}
[ "$number" -gt $# ] || shift $((number - 1))
[ "$number" -le ${counts.length} ] || shift $(($# - 1))
echo "$1"
`;
    return { docker: "#!/bin/sh\necho self\n", awk };
}

/** What a script finds instead of the machine's, by name. */
type Programs = Readonly<Record<string, string>>;

/** Runs a function of switch.sh as a release does, with these programs. @returns what they were asked for. */
async function play(made: Programs, call: string): Promise<string[]> {
    await using server = await serverFolder();
    const folder = join(server.root, "apps/recall");
    const scripts = ["app/app.sh", "app/timeline.sh", "app/diagnosis.sh", "app/settling.sh", "app/switch.sh"];
    const shared = ["shared/messages.sh", "shared/server.sh", "shared/receive.sh"];
    await placeScripts(server.root, join(folder, "bin"), ...scripts, ...shared);
    await mkdir(join(folder, "current"));
    await mkdir(join(folder, "log"));
    await writeFile(join(folder, "current/services"), "clock wanted 1\n");
    const programs = join(server.root, "programs");
    await mkdir(programs);
    for (const [name, text] of Object.entries(made)) await writeFile(join(programs, name), text, { mode: 0o700 });
    const env = { PATH: `${programs}:${process.env.PATH}`, CALLS: join(server.root, "calls") };
    const sourced = ["app.sh", "diagnosis.sh", "settling.sh", "switch.sh"]
        .map((script) => `. "$bin/${script}"\n`)
        .join("");
    const text = `bin=$1\n${sourced}patience=5\nsleep() { :; }\n${call}`;
    await execa("sh", ["-euc", text, "sh", join(folder, "bin")], { env });
    return (await readFile(env.CALLS, "utf8")).split("\n");
}

suite("a release that takes over", { skip: process.platform !== "linux" }, () => {
    test("starts its own clock though docker still lists the former one as running", async () => {
        const calls = await play({ docker }, "settled=0; hand_over_clock");
        const stopped = calls.indexOf("stop old");
        const started = calls.indexOf("start new");
        assert.ok(stopped >= 0 && stopped < started, calls.join("\n"));
    });

    test("hands the clock over while web and workers settle, and has all of them settle", async () => {
        const steps = [
            "start_beside() { started=web; new_web=web; }",
            'await_ready() { echo ready >>"$CALLS"; }',
            'probe_web() { echo "probe $*" >>"$CALLS"; }; await_healthy() { echo "healthy" $1 >>"$CALLS"; }',
            'now() { if [ "$clock" ]; then echo 1120; else echo 1000; fi; }; clock=',
            'sleep() { echo "slept $1" >>"$CALLS"; }',
        ];
        const next =
            'mkdir "$folder/next"; cp "$folder/current/services" "$folder/next"; echo "clock f 1" >"$folder/current/services"';
        const calls = await play(
            { docker },
            `${next}; use_release "$folder/next"; ${steps.join("\n")}\nprove_beside hand_over_clock`,
        );
        const told = calls.filter((call) => /^(ready|healthy|probe|slept|stop|start|compose)/.test(call));
        const compose = (call: string) => call.replace(/^compose .* up/, "compose up");
        const made = "compose up --no-start --no-deps --no-recreate --scale clock=2 clock";
        const before = ["ready", made, "stop old", "start new"];
        assert.deepEqual(told.map(compose), [...before, "slept 3.30", "probe web", "slept 3.80", "healthy web new"]);
    });

    for (const [name, { answers, states, tries, found }] of Object.entries({
        "goes on as soon as web and new workers answer, whatever docker has not asked yet": {
            answers: true,
            states: "true starting 0",
            tries: 1,
            found: [],
        },
        "fails at once when one of its containers was started again": {
            answers: false,
            states: "true starting 1",
            tries: 1,
            found: ["failed: a container of the release ends by itself"],
        },
        "fails when it does not answer within its time, with docker silent as well": {
            answers: false,
            states: "",
            tries: 3,
            found: [
                "failed: the release did not get healthy within 5 seconds (dallinger:experiment.releases.healthyWithin)",
            ],
        },
    })) {
        test(name, async () => {
            const steps = [
                'new_web=web; new_workers="old-worker new-worker"; before=old-worker; started="web new-worker"',
                `container() { echo redis; }; name_of() { echo "$1"; }; state_of() { printf '%s' "${states}"; }`,
                `in_container() { echo "asked $3" >>"$CALLS"; ${answers ? ":" : "false"}; }`,
                // Two seconds a try.
                ': >"$CALLS"; now() { echo $(($(grep -c asked "$CALLS") * 200)); }',
                'fail_switch() { echo "failed: $1" >>"$CALLS"; exit 0; }',
            ];
            const calls = (await play({}, `${steps.join("\n")}\nawait_ready`)).filter(Boolean);
            const asked = "asked http://127.0.0.1:5000/summary http://web:5000/robots.txt redis://redis/new-worker ";
            assert.deepEqual(calls, [...Array<string>(tries).fill(asked), ...found]);
        });
    }

    for (const [name, { states, launched = false, found }] of Object.entries({
        "leaves a first one, which nobody is served by, to settle while its site is made": {
            states: ["true healthy 0", "true starting 0"],
            found: ["unsettled until 1700"],
        },
        "does not forgive a clock that was started again before it has to settle": {
            states: ["true healthy 0", "true healthy 1"],
            found: ["failed: a container of the release ends by itself"],
        },
        "has one settle first that was launched before, on another server": {
            states: ["true healthy 0"],
            launched: true,
            found: ["slept 5.50", "slept 6.00"],
        },
    } satisfies Record<string, { states: string[]; launched?: boolean; found: string[] }>)) {
        test(name, async () => {
            const steps = [
                "start_beside() { started=web; new_web=web; }; hand_over_clock() { clock=clock; settled=1700; }",
                'await_ready() { :; }; probe_web() { :; }; await_healthy() { :; }; sleep() { echo "slept $1" >>"$CALLS"; }; already_proven() { :; }',
                'note_unsettled() { echo "unsettled until $1" >>"$CALLS"; }; first=yes; is_current() { false; }',
                `state_of() { printf '%s\\n' ${states.map((state) => `'${state}'`).join(" ")}; }; now() { echo 1100; }`,
                'fail_switch() { echo "failed: $1" >>"$CALLS"; exit 0; }',
                launched ? 'echo "{}" >"$folder/launch.json"' : "",
            ];
            const calls = await play({ docker }, `${steps.join("\n")}\nprove_beside hand_over_clock`);
            assert.deepEqual(calls.filter(Boolean), found);
        });
    }

    test("starts the clock of a first one with web and workers, and no second one beside one that is there", async () => {
        const steps = [
            'echo "clock wanted 1" >"$folder/current/services"; first=yes; before=',
            'unproven_clock() { :; }; of_release() { [ "$2" = no ] || echo "$1"; }; number_of() { echo 1; }; start_beside',
        ];
        const started = (calls: readonly string[]) => calls.find((call) => call.includes("--scale")) ?? "";
        const none = '#!/bin/sh\necho "$*" >>"$CALLS"\n';
        assert.match(started(await play({ docker: none }, steps.join("\n"))), / web worker clock$/);
        const there = '#!/bin/sh\necho "$*" >>"$CALLS"\ncase $* in "ps -aq "*clock*) echo there ;; esac\n';
        assert.match(started(await play({ docker: there }, steps.join("\n"))), / web worker$/);
    });

    test("has the clock settle that was started with web and workers, or by a run that was killed", async () => {
        const running = `#!/bin/sh
echo "$*" >>"$CALLS"
case $* in
"ps -a --no-trunc"*clock*) echo "new wanted" ;;
"ps -aq "*clock*) echo new ;;
"inspect --format {{.State.Running}} new") echo true ;;
esac
`;
        const tell =
            'settled=1500; now() { echo 1400; }; clock=; hand_over_clock; echo "clock $clock until $settled" >>"$CALLS"';
        const next = 'mkdir "$folder/next"; echo "clock wanted 1" >"$folder/next/services"; use_release "$folder/next"';
        const first = await play({ docker: running }, `rm -r "$folder/current"; ${next}; ${tell}`);
        assert.ok(first.includes("clock new until 1700"), first.join("\n"));
        const later = await play({ docker: running }, `echo "clock f 1" >"$folder/current/services"; ${next}; ${tell}`);
        assert.ok(later.includes("clock new until 1700"), later.join("\n"));
        assert.ok((await play({ docker: running }, tell)).includes("clock  until 1500"), "one that serves already has");
    });

    test("has the former clock go on that it has stopped, when it fails afterwards, and not another one made like it", async () => {
        const failing = `#!/bin/sh
echo "$*" >>"$CALLS"
case $* in "ps -a --no-trunc"*clock*) echo "former f"; echo "new wanted" ;; esac
`;
        const steps = [
            'release=$folder/next; mkdir "$release" "$folder/log/x"; echo "clock wanted 1" >"$release/services"',
            'echo "clock f 1" >"$folder/current/services"; before=; fail_switch "it dies" || :',
        ];
        const calls = await play({ docker: failing }, `( ${steps.join("\n")} ) 2>/dev/null || :`);
        const removed = calls.filter((call) => call.startsWith("container rm"));
        assert.deepEqual(removed, ["container rm --force --volumes new"]);
        assert.ok(
            calls.some((call) => / up -d --no-deps --no-recreate clock$/.test(call)),
            calls.join("\n"),
        );
    });

    test("has a clock settle that took long to start", async () => {
        const next = 'mkdir "$folder/next"; mv "$folder/current/services" "$folder/next"; use_release "$folder/next"';
        const steps = 'now() { echo 1400; }; settled=1500; hand_over_clock; echo "until $settled" >>"$CALLS"';
        assert.ok((await play({ docker }, `${next}; ${steps}`)).includes("until 1700"));
    });

    test("ends what a restart was to end that was interrupted, and has what that has started prove itself", async () => {
        const both = `#!/bin/sh
case $* in
"ps -a "*web*) echo "old w"; echo "new w" ;;
"ps -q "*) echo old ;;
esac`;
        const former = 'echo "web w 1" >"$folder/current/services"; echo old >"$folder/restart-started"';
        const told = `{ of_release web no; echo proven; already_proven; } >"$CALLS"`;
        const calls = await play(
            { docker: both },
            `${former}; mkdir -p "$(dirname "$upstream")"; echo old:5000 >"$upstream"; ${told}`,
        );
        assert.deepEqual([...new Set(calls.filter(Boolean))], ["old", "proven"], "and new is not among them");
    });

    test("has what a killed run has started prove itself, whatever a restart of the release before has noted", async () => {
        const both = `#!/bin/sh
case $* in
"ps -a "*web*) echo "old w"; echo "new next" ;;
"ps -q "*) echo old ;;
"ps -aq "*web*) echo old; echo new ;;
esac`;
        const text = [
            'release=$folder/next; mkdir "$release"; echo "web next 1" >"$release/services"',
            'printf "old\\nproven\\n" >"$folder/restart-started"',
            'mkdir -p "$(dirname "$upstream")"; echo old:5000 >"$upstream"',
            '{ already_proven; note_proven; wc -l <"$folder/restart-started"; } >"$CALLS"',
        ];
        const calls = await play({ docker: both }, text.join("\n"));
        assert.deepEqual([...new Set(calls.filter(Boolean))], ["old", "2"], "and new is not among them");
    });

    test("has more workers prove themselves that a killed run has started of a release with the same web", async () => {
        const more = `#!/bin/sh
case $* in
"ps -a "*web*) echo "web w" ;;
"ps -a "*worker*) echo "old k"; [ ! -e "$CALLS-killed" ] || echo "new k" ;;
"ps -q "*) echo web ;;
"ps -aq "*) echo web; echo old; [ ! -e "$CALLS-killed" ] || echo new ;;
esac`;
        const text = [
            'release=$folder/next; mkdir "$release"; printf "web w 1\\nworker k 2\\n" >"$release/services"',
            'mkdir -p "$(dirname "$upstream")"; echo web:5000 >"$upstream"',
            'before=$(already_proven); note_proving; : >"$CALLS-killed"',
            'already_proven >"$CALLS"; before=$(cat "$CALLS"); note_proving; already_proven >>"$CALLS"',
        ];
        const calls = await play({ docker: more }, text.join("\n"));
        assert.deepEqual([...new Set(calls.filter(Boolean))].sort(), ["old", "web"], "and new is not among them");
    });

    test("does not have the web prove itself again that an earlier version has brought to serve since", async () => {
        const same = `#!/bin/sh
case $* in
"ps -a "*) echo "web w" ;;
"ps -q "* | "ps -aq "*) echo web ;;
esac`;
        const text = [
            'release=$folder/next; mkdir "$release"; printf "web w 1\\nworker k 1\\n" >"$release/services"',
            'mkdir -p "$(dirname "$upstream")"; echo web:5000 >"$upstream"; echo gone >"$proving"',
            'already_proven >"$CALLS"',
        ];
        const calls = await play({ docker: same }, text.join("\n"));
        assert.deepEqual([...new Set(calls.filter(Boolean))], ["web"]);
    });

    for (const [name, seen, found] of [
        ["has each service as the release says", "web running,worker running,worker running", "all is there"],
        ["has a container that does not run", "web running,worker running,worker exited", "compose is asked"],
        ["lacks one", "web running,worker running", "compose is asked"],
        ["has one of no release", "clock running,web running,worker running,worker running", "compose is asked"],
        ["is not known", "", "compose is asked"],
    ] as const) {
        test(`does not start compose again to remove what is of no release where the app ${name}: ${found}`, async () => {
            const listed = `#!/bin/sh\necho "${seen}" | tr , "\\n"\n[ "${seen}" ]\n`;
            const services = 'printf "web w 1\\nworker k 2\\n" >"$folder/current/services"';
            const ask = '{ as_composed && echo "all is there" || echo "compose is asked"; } >"$CALLS"';
            assert.deepEqual((await play({ docker: listed }, `${services}; ${ask}`)).filter(Boolean), [found]);
        });
    }

    test("does not take containers for healthy while docker does not answer", async () => {
        const calls = await play({ docker: restartedDocker }, "await_healthy web");
        assert.equal(calls.filter((call) => call.startsWith("inspect ")).length, 4);
    });

    test("does not take a former web for one that nobody is connected to because that cannot be read", async () => {
        const unreadable = 'docker() { echo 1; }; connections_to_web() { echo counted >>"$CALLS"; return 1; }';
        const calls = await play({}, `${unreadable}; await_quiet web`);
        assert.equal(calls.filter((call) => call === "counted").length, 480);
    });

    test("does not look at the server's own connections while docker does not answer", async () => {
        const restarted = { docker: `#!/bin/sh\necho asked >>"$CALLS"\n[ "$(wc -l <"$CALLS")" -gt 3 ] && echo 0` };
        const calls = await play(restarted, "await_quiet web");
        assert.deepEqual(calls.filter(Boolean), ["asked", "asked", "asked", "asked"]);
    });

    test("waits no longer for a former web that is gone", async () => {
        const calls = await play({ docker: '#!/bin/sh\necho asked >>"$CALLS"\necho 99999999' }, "await_quiet web");
        assert.deepEqual(calls.filter(Boolean), ["asked"]);
    });

    test("does not have the next run wait for a former worker's job when it is killed", async () => {
        const held = `of_release() { [ "$1$2" = workerno ] && echo worker || :; }
            end_previous() { ls -l /proc/self/fd >"$CALLS"; }
            exec 8<"$folder" 9>"$folder/lock"; retire 86400`;
        assert.doesNotMatch((await play({}, held)).join("\n"), / [89] -> /);
    });

    test("keeps the log of a former container that another run has ended", async () => {
        const ended = `#!/bin/sh\necho "$1" >>"$CALLS"\n[ "$1" != inspect ]`;
        assert.deepEqual((await play({ docker: ended }, "end_previous web 1 & wait")).filter(Boolean), [
            "stop",
            "inspect",
        ]);
    });

    for (const [of, made, name] of [
        ["the latest release that is kept and has it", "w", "web-0123456789ab-bbbbbbbbbbbb"],
        ["no release where none that is kept has it", "gone", "web-0123456789ab"],
    ] as const) {
        test(`keeps the log of a former container by the name of ${of}`, async () => {
            const docker = `#!/bin/sh\ncase "$*" in "inspect --format"*) echo ${made} ;; logs*) echo "what it said" ;; esac`;
            const keep = `
                for id in aaaaaaaaaaaa bbbbbbbbbbbb cccccccccccc; do mkdir -p "$releases/$id"; echo "web w 1" >"$releases/$id/services"; done
                echo "web other 1" >"$releases/cccccccccccc/services"
                touch -d 2026-01-01 "$releases/aaaaaaaaaaaa"; touch -d 2026-01-02 "$releases/bbbbbbbbbbbb"
                end_previous web 0123456789abc || :
                ls "$folder/log/former" >>"$CALLS"; zcat "$folder/log/former"/*.log.gz >>"$CALLS"`;
            const [kept = "", said = ""] = (await play({ docker }, keep)).filter(Boolean).slice(-2);
            assert.equal(kept.replace(/-\d{8}T\d{6}Z-/, "-"), `${name}.log.gz`);
            assert.equal(said, "what it said");
        });
    }

    const waits: readonly (readonly [string, readonly number[], number])[] = [
        ["lets a former web that cannot keep up answer all that it has taken", countdown(200), 203],
        ["ends a former web at once when nobody is connected", [0], 3],
        ["does not take the moment between two requests for the end", [0, 1, 0, 1, 0], 7],
        ["ends a former web with websockets that stay after 30 s", [3], 121],
        ["ends a former web with websockets that go one by one after two minutes", countdown(1000), 480],
    ];
    for (const [name, counts, times] of waits) {
        test(name, async () => {
            const calls = await play(connected(counts), "await_quiet web");
            assert.equal(calls.filter((call) => call === "counted").length, times);
        });
    }
});

function countdown(from: number): number[] {
    return Array.from({ length: from + 1 }, (_, index) => from - index);
}
