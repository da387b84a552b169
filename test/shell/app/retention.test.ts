import assert from "node:assert/strict";
import { basename } from "node:path";
import { suite, test } from "node:test";
import { renderKept } from "../../../components/targets/server/backupUnits.ts";
import { AppScripts } from "./appScript.ts";

interface Saved {
    readonly kind?: string;
    readonly owner?: string;
    readonly whole?: boolean;
}

/** Names of the backups that are left of these where so many are to stay, and one of that name has just been made. */
function left(
    t: ConstructorParameters<typeof AppScripts>[0],
    saved: Readonly<Record<string, Saved>>,
    keep: object,
    files: Readonly<Record<string, string>> = {},
    made = "",
) {
    const app = new AppScripts(t, "", { owner: "the-owner\n", ...files });
    const shelf = `backups/${basename(app.folder)}`;
    for (const [name, { kind = "scheduled", owner = "the-owner", whole = true }] of Object.entries(saved)) {
        app.put(`${shelf}/${name}/kind`, `${kind}\n`);
        app.put(`${shelf}/${name}/owner`, `${owner}\n`);
        if (whole) app.put(`${shelf}/${name}/SHA256SUMS`, "");
    }
    app.put("backup-keep", renderKept({ last: 0, daily: 0, weekly: 0, monthly: 0, ...keep }));
    const { stdout, status, stderr } = app.run(
        `. "$bin/tables.sh"; . "$bin/drain.sh"; . "$bin/backup.sh"; . "$bin/retention.sh"; retain "$shelf/${made}"; ls -A "$shelf"`,
    );
    assert.equal(status, 0, stderr);
    return stdout.trimEnd().split("\n");
}

const scheduled = (...names: string[]) => Object.fromEntries(names.map((name) => [name, {}]));

/** A backup at noon of each day of that month and the next. */
const days = Array.from({ length: 59 }, (_, index) => {
    const day = new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10).replaceAll("-", "");
    return `${day}T120000Z`;
});

suite("of scheduled backups stay", { skip: process.platform !== "linux" }, () => {
    test("the last ones", (t) => {
        assert.deepEqual(left(t, scheduled(...days), { last: 3 }), days.slice(-3));
    });

    test("the last one of each day that has one", (t) => {
        const twice = [
            "20260101T010000Z",
            "20260101T020000Z",
            "20260103T010000Z",
            "20260105T010000Z",
            "20260105T020000Z",
        ];
        assert.deepEqual(left(t, scheduled(...twice), { daily: 2 }), ["20260103T010000Z", "20260105T020000Z"]);
    });

    test("the last one of each week, from Monday on, and of each month", (t) => {
        // 2026-02-28 is a Saturday, and the Sundays before are these.
        assert.deepEqual(left(t, scheduled(...days), { weekly: 3 }), [
            "20260215T120000Z",
            "20260222T120000Z",
            "20260228T120000Z",
        ]);
        assert.deepEqual(left(t, scheduled(...days), { monthly: 5 }), ["20260131T120000Z", "20260228T120000Z"]);
    });

    test("those that any of the rules keeps", (t) => {
        assert.deepEqual(left(t, scheduled(...days), { last: 2, monthly: 2 }), [
            "20260131T120000Z",
            "20260227T120000Z",
            "20260228T120000Z",
        ]);
    });

    test("the one that is on its way to the repository, until it is there", (t) => {
        const sending = { "backup-sent-now": `${days[0]}\n` };
        assert.deepEqual(left(t, scheduled(...days), { last: 1 }, sending), [days[0], days.at(-1)]);
    });

    test("the latest, whatever the rules say", (t) => {
        assert.deepEqual(left(t, scheduled("20260101T010000Z", "20260101T010000Z-12"), {}), ["20260101T010000Z-12"]);
    });

    test("the one that has just been made, when an earlier one is named by a clock that was ahead", (t) => {
        const names = ["20260101T010000Z", "20260102T010000Z", "20990101T010000Z"];
        assert.deepEqual(left(t, scheduled(...names), { last: 1 }, {}, names[1]), names.slice(1));
    });

    test("all that are not theirs to remove", (t) => {
        const others = {
            "20250101T010000Z": { kind: "final" },
            "20250102T010000Z": { kind: "manual" },
            "20250103T010000Z": { owner: "somebody-else" },
            "20250104T010000Z": { whole: false },
        };
        const found = left(t, { ...others, ...scheduled("20250105T010000Z", "20260101T010000Z") }, { last: 1 });
        assert.deepEqual(found, [...Object.keys(others), "20260101T010000Z"]);
    });
});
