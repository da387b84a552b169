import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Interruption, Measurements, Timing } from "../../bench/results/measurements.ts";
import { plots } from "../../bench/results/plots.ts";

const nothing: Measurements = {
    ...{ timings: [], interruptions: [], roundTrips: [], remains: [], idle: [], pairs: [], timelines: [] },
};

function drawn(measured: Partial<Measurements>): string {
    const found = plots({ ...nothing, ...measured });
    assert.equal(found.length, 1);
    return found[0]?.svg ?? "";
}

/** Every coordinate is inside the picture, and nothing in it is no number. */
function assertInside(svg: string): void {
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    for (const [, name, value] of svg.matchAll(/ (c?[xy][12]?|width|height)="(-?[\w.]+)"/g)) {
        const limit = /x|width/.test(name ?? "") ? width : height;
        assert.ok(Number(value) >= 0 && Number(value) <= Number(limit), `${name}=${value}`);
    }
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
}

suite("pictures of the benchmarks", () => {
    const update = { operation: "code", added: 0, slowestGap: 900, neighbour: { lost: 0, of: 5 } } as const;
    const lost: Interruption[] = [
        { ...update, actor: "program", requests: { lost: 0, of: 900 }, lostAt: [] },
        { ...update, actor: "hand", requests: { lost: 3, of: 900 }, lostAt: [0.2, 0.9, 14.5] },
        { ...update, actor: "hand", requests: { lost: 1, of: 900 }, lostAt: [0.4] },
    ];

    test("of requests lost have a curve for each way, second by second, of all runs the mean", () => {
        const svg = drawn({ interruptions: lost });
        assertInside(svg);
        assert.deepEqual(
            [...svg.matchAll(/>(program|by hand|docker-ssh)</g)].map(([, name]) => name),
            ["program", "by hand"],
        );
        const [program = "", hand = ""] = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points);
        const heights = (points: string) => points.split(" ").map((point) => Number(point.split(",")[1]));
        const ground = heights(program)[0];
        assert.ok(
            heights(program).every((height) => height === ground),
            "nothing lost is a line on the ground",
        );
        // Two seconds before, then (2 + 1) / 2 in the first second, and 1 / 2 in the fifteenth.
        const risen = heights(hand).flatMap((height, index) => (height === ground ? [] : [index - 2]));
        assert.deepEqual(risen, [0, 14]);
    });

    test("of an update have a bar for each step, one after the other", () => {
        const steps = [
            { step: "starting web & workers", seconds: 4.25 },
            { step: "settling", seconds: 5 },
        ];
        const svg = drawn({ timelines: [{ steps: [] }, { steps }] });
        assertInside(svg);
        assert.match(svg, />starting web &amp; workers</);
        const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map((bar) =>
            bar.slice(1).map(Number),
        );
        const [[start = 0, long = 0] = [], [next = 0] = []] = bars;
        assert.ok(Math.abs(start + long - next) < 0.2, `${bars}`);
    });

    test("of many apps tell the median of each number of apps", () => {
        const of = { operation: "first", actor: "program", added: 0 } as const;
        const timings: Timing[] = [
            { ...of, apps: 1, seconds: 20 },
            { ...of, apps: 5, seconds: 21 },
            { ...of, apps: 20, seconds: 24 },
            { ...of, apps: 20, seconds: 26 },
        ];
        const svg = drawn({ timings });
        assertInside(svg);
        assert.equal([...svg.matchAll(/<circle/g)].length, 3);
    });

    test("are none of what was not measured, and the same for the same figures", () => {
        assert.deepEqual(plots(nothing), []);
        assert.equal(drawn({ interruptions: lost }), drawn({ interruptions: lost }));
    });
});
