import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readOptions } from "../../bench/options.ts";
import type { Actor, Interruption, Operation, Timing } from "../../bench/results/measurements.ts";
import { type BenchmarksRun, renderPage } from "../../bench/results/page.ts";

/** Runs of one operation, with so many seconds each. */
function timings(operation: Operation, actor: Actor, seconds: readonly number[], more: Partial<Timing> = {}): Timing[] {
    return seconds.map((taken) => ({ operation, actor, added: 0, apps: 1, seconds: taken, ...more }));
}

const good: Timing[] = [
    ...timings("no-op", "program", [4.4, 4.2, 4.6], { connections: 0, bytes: 0 }),
    ...timings("no-op", "imports", [4.0, 4.0, 4.2]),
    ...timings("no-op", "empty", [2.0, 2.2, 2.1]),
    ...timings("first", "program", [25, 24, 26], { connections: 5, bytes: 102_400 }),
    ...timings("first", "hand", [24, 22, 23], { connections: 5, bytes: 51_200 }),
    ...timings("first", "docker-ssh", [32, 30, 40], { connections: 5, bytes: 71_680 }),
    ...timings("code", "hand", [14], { connections: 2, bytes: 4096 }),
    ...timings("code", "docker-ssh", [44], { connections: 5, bytes: 10_240 }),
    ...timings("settings", "program", [21], { connections: 1, bytes: 2048 }),
    ...timings("code", "program", [22], { connections: 2, bytes: 2048 }),
    ...timings("first", "program", [28, 27, 29], { apps: 20, neighbour: { lost: 0, of: 5 } }),
    ...timings("destroy", "program", [12, 12, 12], { apps: 20, neighbour: { lost: 0, of: 5 } }),
    ...timings("first", "hand", [22], { apps: 20, neighbour: { lost: 5, of: 5 } }),
];

const none = { idle: [], pairs: [], timelines: [] };
const manyApps = {
    idle: [
        { part: "web", apps: 19, percent: 0.4, mebibytes: 120 },
        { part: "redis", apps: 19, percent: 0.2, mebibytes: 10 },
        { part: "shims", apps: 19, percent: 0.1, mebibytes: 20.04 },
    ],
    pairs: [
        { alone: 10, both: 18 },
        { alone: 12, both: 20 },
        { alone: 11, both: 19 },
    ],
    timelines: [],
};

const interruption: Interruption = {
    operation: "code",
    actor: "hand",
    added: 0,
    requests: { lost: 312, of: 1500 },
    slowestGap: 6012.4,
    neighbour: { lost: 0, of: 5 },
};

function page(measured: readonly Timing[], more: Partial<BenchmarksRun> = {}): string {
    const roundTrips = [
        { added: 0, measured: 0.07 },
        { added: 50, measured: 50.31 },
    ];
    return renderPage({
        date: "2026-01-02",
        options: readOptions({}),
        machine: { Processors: "2", Pulumi: "v3" },
        complete: true,
        measurements: {
            timings: measured,
            interruptions: [],
            roundTrips,
            remains: [],
            ...(measured === good ? manyApps : none),
        },
        plots: { folder: "benchmarks", drawn: [] },
        ...more,
    });
}

/** Cells of the table line that begins with this text. */
function cells(text: string, first: string): string[] {
    const line = text.split("\n").find((candidate) => candidate.startsWith(`| ${first} |`)) ?? "";
    return line
        .split("|")
        .slice(2, -1)
        .map((cell) => cell.trim());
}

suite("the page of the benchmarks", () => {
    test("tells date, machine, versions and the round trips that were had", () => {
        const text = page(good);
        assert.match(text, /on 2026-01-02\. A figure is the median of 5 runs/);
        assert.deepEqual(cells(text, "Processors"), ["2"]);
        assert.match(text, /took 0\.1 ms with 0 ms added, 50\.3 ms with 50 ms added\./);
    });

    test("tells seconds, ssh connections and KiB of each operation, by the program, by hand and by docker-ssh", () => {
        const [first, byHand] = [
            ["25.0 (24.0–26.0)", "5", "100"],
            ["23.0 (22.0–24.0)", "5", "50"],
        ];
        const predecessor = ["32.0 (30.0–40.0)", "5", "70", "0.78 (0.65–0.80)"];
        assert.deepEqual(cells(page(good), "first deployment, +0 ms"), [...first, ...byHand, ...predecessor]);
        const settings = ["21.0", "1", "2", ...Array(7).fill("–")];
        assert.deepEqual(cells(page(good), "other settings, +0 ms"), settings);
    });

    test("compares a no-op with the other programs, pair by pair", () => {
        const [program, imports, empty, ...rest] = cells(page(good), "+0 ms");
        assert.deepEqual([program, imports, empty], ["4.40 (4.20–4.60)", "4.00 (4.00–4.20)", "2.10 (2.00–2.20)"]);
        assert.deepEqual(rest, ["1.10 (1.05–1.10)", "2.10 (1.91–2.20)", "0", "0"]);
    });

    test("compares the k-th app with the first one", () => {
        const text = page(good);
        assert.deepEqual(cells(text, "1").slice(0, 2), ["1.00", "25.0 (24.0–26.0)"]);
        const expected = ["1.12", "28.0 (27.0–29.0)", "12.0", "22.0", "–", "0 of 30", "5 of 5"];
        assert.deepEqual(cells(text, "20"), expected);
    });

    test("tells what participants have lost in all runs, and at its worst", () => {
        const interruptions = [interruption, { ...interruption, own: { lost: 5, of: 5 } }];
        const text = page([], { measurements: { timings: [], interruptions, roundTrips: [], remains: [], ...none } });
        const expected = ["624 of 3000", "312", "6012", "5 of 5", "0 of 10"];
        assert.deepEqual(cells(text, "other code, by hand"), expected);
    });

    test("tells what two apps at once take, and what apps cost that nobody uses", () => {
        const text = page(good);
        assert.deepEqual(cells(text, "11.0 (10.0–12.0)"), ["19.0 (18.0–20.0)", "1.73 (1.67–1.80)"]);
        assert.deepEqual(cells(text, "web"), ["0.40", "120.0"]);
        assert.deepEqual(cells(text, "beside Python"), ["0.30", "30.0"]);
        assert.deepEqual(cells(text, "all of it"), ["0.70", "150.0"]);
        assert.deepEqual(cells(text, "2 processors, 4 GiB"), ["20", "7.0"]);
    });

    test("shows the pictures that were drawn", () => {
        const drawn = [{ file: "lost.svg", title: "Requests lost", svg: "" }];
        assert.match(
            page(good, { plots: { folder: "benchmarks", drawn } }),
            /!\[Requests lost\]\(benchmarks\/lost\.svg\)/,
        );
        assert.doesNotMatch(page(good), /## Pictures/);
    });

    test("tells what has stayed on the servers", () => {
        const remains = [
            { actor: "docker-ssh", stayed: ["role benchmark", "path /home/debian/dallinger-data/benchmark"] },
            { actor: "program", stayed: [] },
        ] as const;
        const text = page([], { measurements: { timings: [], interruptions: [], roundTrips: [], remains, ...none } });
        assert.deepEqual(cells(text, "program"), ["nothing"]);
        assert.deepEqual(cells(text, "docker-ssh"), ["role `benchmark`, path `/home/debian/dallinger-data/benchmark`"]);
    });

    test("says of each target whether it is met", () => {
        const verdicts = (text: string) => text.match(/(?<=\| )(met|\*\*missed\*\*|not measured)(?= \|)/g);
        assert.deepEqual(verdicts(page(good)), Array(10).fill("met"));
        const bad = [
            ...good,
            ...timings("no-op", "program", [9, 9, 9, 9], { connections: 1 }),
            ...timings("code", "program", [22], { connections: 3 }),
            ...timings("first", "program", [40, 40, 40, 40], { apps: 20 }),
            ...timings("first", "docker-ssh", [30, 30, 30, 30]),
            ...timings("settings", "docker-ssh", [40]),
            ...timings("first", "hand", [10, 10, 10, 10]),
            ...timings("code", "hand", [10, 10]),
        ];
        const heavy = [...manyApps.idle, { part: "redis", apps: 19, percent: 0.5, mebibytes: 150 }];
        const of = { interruptions: [], roundTrips: [], remains: [] };
        const badApps = {
            measurements: { timings: bad, ...of, idle: heavy, pairs: [{ alone: 10, both: 20 }], timelines: [] },
        };
        assert.deepEqual(verdicts(page(bad, badApps)), Array(10).fill("**missed**"));
        assert.deepEqual(verdicts(page([])), Array(10).fill("not measured"));
        const fewer = timings("first", "program", [25, 25], { apps: 5 });
        assert.equal(verdicts(page([...timings("first", "program", [25]), ...fewer]))?.[3], "not measured");
    });

    test("leaves out what was not measured, and says when not all of it was", () => {
        const text = page(timings("first", "program", [25]), { complete: false });
        assert.match(text, /\*\*Not complete/);
        assert.deepEqual(
            text.match(/^## .*/gm),
            ["Targets", "One app, alone on its server", "How it was measured", "Machine and versions"].map(
                (title) => `## ${title}`,
            ),
        );
        assert.doesNotMatch(page(good), /Not complete/);
        assert.doesNotMatch(page(good) + text, /NaN|undefined|Infinity/);
    });
});
