import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { backupUnits, renderKept } from "../../../../components/targets/server/backupUnits.ts";

suite("the units that save an app", () => {
    test("are named after it, and run its own backup behind what participants ask for", () => {
        const units = backupUnits("recall", "daily");
        assert.deepEqual(Object.keys(units), ["dlgr-app-recall-backup.service", "dlgr-app-recall-backup.timer"]);
        const [service = "", timer = ""] = Object.values(units);
        assert.match(service, /^ExecStart=\/srv\/dallinger\/apps\/recall\/bin\/app backup scheduled$/m);
        assert.match(service, /^Nice=10\nIOSchedulingClass=idle$/m);
        assert.match(timer, /^OnCalendar=daily\nPersistent=true\nRandomizedDelaySec=30min$/m);
    });

    test("begin within a minute of a time that is told exactly", () => {
        const timer = backupUnits("recall", "Mon..Fri 03:00")["dlgr-app-recall-backup.timer"] ?? "";
        assert.match(timer, /^OnCalendar=Mon\.\.Fri 03:00\nPersistent=true\nRandomizedDelaySec=1min$/m);
    });

    test("say the server which of them stay, in lines", () => {
        assert.equal(
            renderKept({ last: 3, daily: 7, weekly: 0, monthly: 12 }),
            "last 3\ndaily 7\nweekly 0\nmonthly 12\n",
        );
    });
});
