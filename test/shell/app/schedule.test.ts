import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { backupUnits, renderKept } from "../../../components/targets/server/backupUnits.ts";
import { ScriptedApp } from "./appOnServer.ts";

/** What a stack sends of a schedule. */
const payload = (schedule: string, last = 3) => [
    { path: "calendar", content: schedule },
    { path: "keep", content: renderKept({ last, daily: 0, weekly: 0, monthly: 0 }) },
    ...Object.entries(backupUnits("recall", schedule)).map(([name, content]) => ({ path: `units/${name}`, content })),
];

/** An app on a server with systemd, which does not do what the file `$STATE/fails` has in its words. */
async function appWithSystemd() {
    const app = await ScriptedApp.create({ docker: ":" });
    await mkdir(join(app.root, "units"));
    const program = async (name: string, text: string) =>
        await writeFile(join(app.root, "programs", name), `#!/bin/sh\n${text}\n`, { mode: 0o700 });
    await program(
        "systemctl",
        `echo "systemctl $*" >>"$CALLS"
case "$*" in *"$(cat "$STATE/fails" 2>/dev/null || echo never)"*) exit 1 ;; esac`,
    );
    await program(
        "systemd-analyze",
        `case "$*" in *25:00*) echo "Failed to parse calendar" >&2; exit 1 ;; *2020*) echo "Next elapse: never" ;; esac`,
    );
    return app;
}

const unitsOf = async (app: ScriptedApp) => (await readdir(join(app.root, "units"))).toSorted();
const timerOf = async (app: ScriptedApp) =>
    await readFile(join(app.root, "units/dlgr-app-recall-backup.timer"), "utf8");
const both = ["dlgr-app-recall-backup.service", "dlgr-app-recall-backup.timer"];

suite("a schedule of backups", { skip: process.platform !== "linux" }, () => {
    test("is systemd's from then on, and is not brought twice", async () => {
        await using app = await appWithSystemd();
        const run = await app.start("schedule", [], payload("daily"));
        assert.equal(run.exitCode, 0, run.stderr);
        assert.deepEqual(await unitsOf(app), both);
        assert.match(await timerOf(app), /^OnCalendar=daily$/m);
        assert.equal(await app.read("backup-keep"), "last 3\ndaily 0\nweekly 0\nmonthly 0");
        const calls = await app.calls();
        assert.deepEqual(calls.slice(-3), [
            "systemctl daemon-reload",
            "systemctl --quiet enable dlgr-app-recall-backup.timer",
            "systemctl restart dlgr-app-recall-backup.timer",
        ]);
        assert.equal((await app.start("schedule", [], payload("daily"))).exitCode, 0);
        assert.deepEqual(await app.calls(), calls);
    });

    for (const [what, schedule, says] of [
        [
            "no time",
            "25:00",
            /"25:00" \(dallinger:experiment.backup.schedule\) is no time for systemd .*Failed to parse/,
        ],
        ["over", "2020-01-01", /is never again/],
    ] as const) {
        test(`is refused when it is ${what}, and the one before goes on`, async () => {
            await using app = await appWithSystemd();
            await app.start("schedule", [], payload("daily"));
            const before = await app.calls();
            const run = await app.start("schedule", [], payload(schedule));
            assert.equal(run.exitCode, 1);
            assert.match(run.stderr, says);
            assert.deepEqual(await app.calls(), before);
            assert.match(await timerOf(app), /^OnCalendar=daily$/m);
        });
    }

    test("that systemd does not take leaves the one before, and comes at the next time", async () => {
        await using app = await appWithSystemd();
        await app.start("schedule", [], payload("daily"));
        await writeFile(join(app.root, "state/fails"), "restart");
        const run = await app.start("schedule", [], payload("hourly", 9));
        assert.equal(run.exitCode, 1);
        assert.match(run.stderr, /what was there before is there again: `journalctl -u dlgr-app-recall-backup.timer`/);
        assert.match(await timerOf(app), /^OnCalendar=daily$/m);
        assert.match(await app.read("backup-keep"), /^last 3$/m);
        assert.ok(!app.has("schedule-applied"));
        await writeFile(join(app.root, "state/fails"), "never");
        assert.equal((await app.start("schedule", [], payload("hourly", 9))).exitCode, 0);
        assert.match(await timerOf(app), /^OnCalendar=hourly$/m);
    });

    test("that systemd does not take at the first time leaves nothing", async () => {
        await using app = await appWithSystemd();
        await writeFile(join(app.root, "state/fails"), "restart");
        assert.equal((await app.start("schedule", [], payload("daily"))).exitCode, 1);
        assert.deepEqual(await unitsOf(app), []);
    });

    for (const part of [["schedule"], ["all", "5"]]) {
        test(`ends with \`remove ${part[0]}\`, a backup that it has begun, too`, async () => {
            await using app = await appWithSystemd();
            await app.start("schedule", [], payload("daily"));
            await app.put("backup-failed", "then\nfor a reason\n");
            const run = await app.start("remove", part);
            assert.equal(run.exitCode, 0, run.stderr);
            assert.deepEqual(await unitsOf(app), []);
            const calls = await app.calls();
            assert.ok(calls.includes("systemctl --quiet disable --now dlgr-app-recall-backup.timer"));
            assert.ok(calls.includes("systemctl stop dlgr-app-recall-backup.service"));
            assert.ok(!app.has("backup-failed") && !app.has("backup-keep") && !app.has("schedule"));
        });
    }

    test("rests while the app is saved for its removal, and is there for an app that is resumed", async () => {
        await using app = await appWithSystemd();
        await app.start("schedule", [], payload("daily"));
        const run = await app.start("remove", ["release", "5"]);
        assert.equal(run.exitCode, 0, run.stderr);
        assert.deepEqual(await unitsOf(app), both);
        const stopped = "systemctl stop dlgr-app-recall-backup.timer dlgr-app-recall-backup.service";
        assert.ok((await app.calls()).includes(stopped));
    });

    test("is not asked of systemd where an app has none", async () => {
        await using app = await appWithSystemd();
        assert.equal((await app.start("remove", ["schedule"])).exitCode, 0);
        assert.ok(!(await app.calls()).some((call) => call.startsWith("systemctl")));
    });

    test("keeps everything where systemd does not end it", async () => {
        await using app = await appWithSystemd();
        await app.start("schedule", [], payload("daily"));
        await writeFile(join(app.root, "state/fails"), "disable");
        const run = await app.start("remove", ["schedule"]);
        assert.equal(run.exitCode, 1);
        assert.match(run.stderr, /systemd does not end the schedule of backups/);
        assert.ok(existsSync(join(app.root, "units/dlgr-app-recall-backup.timer")));
    });
});
