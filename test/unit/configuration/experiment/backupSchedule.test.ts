import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { suite, test } from "node:test";
import fc from "fast-check";
import { isSchedule } from "../../../../components/configuration/experiment/backupSchedule.ts";

const SCHEDULES = [
    ...["hourly", "daily", "weekly", "03:00", "Mon..Fri *-*-* 03:00", "Sat,Sun 04:30:00", "*-*-* 0/6:00"],
    ...["*-*-1 02:00", "2027-01-01 12:00", "*:0/20", "*-*-* *:*:00/20", "Mon *-05~03/2", "*-*-* 03:00 Europe/Berlin"],
    ...["Thursday", "Mon..Wed,Sat 12:00 UTC", "01-02", "*-*~1"],
];

const OTHERS = [
    ...["", " daily", "Daily", "nightly", "0 3 * * *", "every day", "3am", "-v", "--help", "*-*-* 03:00\nOnBootSec=1"],
    ...["%n", "daily; reboot", "$(reboot)", "03:00 ", "Mon Tue 03:00", `${"1,".repeat(60)}1:00`],
];

/** Where there is systemd, what it says itself. */
const analyzed = (text: string) => spawnSync("systemd-analyze", ["calendar", "--", text]);
const hasSystemd = analyzed("daily").status === 0;

suite("a schedule", () => {
    for (const text of SCHEDULES) {
        test(`can be ${text}`, () => {
            assert.ok(isSchedule(text));
            if (hasSystemd) assert.equal(analyzed(text).status, 0, String(analyzed(text).stderr));
        });
    }

    for (const text of OTHERS) {
        test(`cannot be ${JSON.stringify(text)}`, () => assert.ok(!isSchedule(text)));
    }

    test("is one line, in which nothing means anything else to a unit of systemd", () => {
        fc.assert(fc.property(fc.string(), (text) => !isSchedule(text) || /^[A-Za-z0-9*:,./~ +_-]{1,100}$/.test(text)));
    });
});
