import assert from "node:assert/strict";
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import type { AppScripts } from "./appScript.ts";
import {
    appWithRepository,
    callsOf,
    described,
    opened,
    placeOf,
    run,
    saved,
    shelfOf,
    snapshotsIn,
} from "./appWithRepository.ts";

const [b, c, d] = ["20260101T120000Z", "20260102T120000Z", "20260103T120000Z"] as const;
const keeping = { ...described, "backup-keep": "last 3\n" };
const send = (app: AppScripts) => run(app, `${opened}; send_away`);
const told = (app: AppScripts) => run(app, '. "$bin/failure.sh"; failed_backup "$folder"').stdout;
const sentOf = (app: AppScripts) => callsOf(app).filter((call) => call.includes(" backup "));
const remove = (app: AppScripts, path: string) => rmSync(join(app.folder, path), { recursive: true });

suite("what says that the repository has a backup", { skip: process.platform !== "linux" }, () => {
    test("does not count for one that was emptied and made anew in the same place", async (t) => {
        const app = appWithRepository(t);
        const folder = await saved(app, b);
        send(app);
        remove(app, "machine/repo");
        send(app);
        assert.equal(sentOf(app).length, 2);
        send(app);
        assert.equal(sentOf(app).length, 2);
        assert.equal(placeOf(folder), described["repository/url"]);
    });

    test("is not given for one that has been damaged since, and what the repository has of it stays", async (t) => {
        const app = appWithRepository(t);
        const folder = await saved(app, b);
        send(app);
        const [good] = app.text("machine/snapshots").split(" ");
        rmSync(join(folder, "off-server"));
        writeFileSync(join(folder, "database.dump"), "half");
        send(app);
        assert.ok(!existsSync(join(folder, "off-server")));
        assert.deepEqual([sentOf(app).length, app.text("machine/snapshots").split(" ")[0]], [1, good]);
        assert.match(told(app), /a backup is on this server alone: .*did NOT match/);
    });

    test("does not count where it names the place alone, as an earlier version has noted it", async (t) => {
        const app = appWithRepository(t);
        const folder = await saved(app, b);
        writeFileSync(join(folder, "off-server"), described["repository/url"]);
        send(app);
        assert.equal(sentOf(app).length, 1);
    });

    for (const [what, url, fails] of [
        ["of another place, also while the new one does not open", "s3:https://elsewhere.lab.example/b", "cat config"],
        ["of the one that was emptied, also while the new one takes nothing", described["repository/url"], " backup "],
    ] as const) {
        test(`goes when it is ${what}: the server would be removed with what only that had`, async (t) => {
            const app = appWithRepository(t);
            const folder = await saved(app, b);
            send(app);
            remove(app, "machine/repo");
            run(app, opened);
            app.put("repository/url", url);
            app.put("machine/fails", fails);
            run(app, "send_away");
            assert.ok(!existsSync(join(folder, "off-server")));
        });
    }

    test("stays while the repository of which it is does not answer", async (t) => {
        const app = appWithRepository(t);
        const folder = await saved(app, b);
        send(app);
        app.put("machine/fails", "cat config");
        run(app, "send_away");
        assert.equal(placeOf(folder), described["repository/url"]);
    });

    test("takes the place of a folder of its name: the backup is not sent again and again", async (t) => {
        const app = appWithRepository(t);
        const folder = await saved(app, b);
        for (const name of ["off-server", ".off-server"])
            app.put(`${folder.slice(app.folder.length + 1)}/${name}/x`, "");
        app.put("machine/meanwhile", `[ "$(grep -c ' backup ' "$here/restic.calls")" -lt 3 ] || exit 1`);
        assert.equal(send(app).status, 0);
        assert.equal(sentOf(app).length, 1);
        assert.equal(placeOf(folder), described["repository/url"]);
    });
});

suite("a repository", { skip: process.platform !== "linux" }, () => {
    /** Three backups, of which one cannot be read. */
    async function withUnreadable(t: TestContext) {
        const app = appWithRepository(t, { ...keeping, "machine/half": `backup=${c}` });
        for (const name of [b, c, d]) await saved(app, name);
        return app;
    }

    test("keeps no half backup, and none of the others goes for that one", async (t) => {
        const app = await withUnreadable(t);
        for (const _ of [1, 2]) send(app);
        assert.deepEqual(snapshotsIn(app).toSorted(), [b, d]);
        const forgotten = callsOf(app).filter((call) => call.includes(" forget "));
        const half = forgotten.findIndex((call) => /forget [0-9a-f]{64}$/.test(call));
        const surplus = forgotten.findIndex((call) => call.includes("--keep-last"));
        assert.ok(half >= 0 && half < surplus, forgotten.join("\n"));
        assert.match(
            told(app),
            /its repository does not have it: Warning: at least one source file could not be read$/m,
        );
    });

    test("keeps a whole one of a backup that it could not tell before that was read in part", async (t) => {
        const app = appWithRepository(t, keeping);
        const folder = await saved(app, b);
        send(app);
        rmSync(join(folder, "off-server"));
        app.put("machine/half", `backup=${b}`);
        app.put("machine/while-telling", 'rm "$here/while-telling"; echo "could not load snapshots: EOF" >&2; exit 0');
        send(app);
        assert.deepEqual(snapshotsIn(app), [b, b]);
    });

    test("has a backup whole, and once, when it could be read at last", async (t) => {
        const app = await withUnreadable(t);
        app.put("machine/while-forgetting", "exit 1");
        send(app);
        assert.deepEqual(snapshotsIn(app), [b, c, d]);
        remove(app, "machine/while-forgetting");
        remove(app, "machine/half");
        send(app);
        assert.deepEqual(snapshotsIn(app).toSorted(), [b, c, d]);
        assert.match(
            app
                .text("machine/snapshots")
                .split("\n")
                .find((line) => line.endsWith(c)) ?? "",
            /^0*4 /,
        );
        assert.equal(told(app), "");
    });

    test("has a backup once whose note of that was lost after it was sent", async (t) => {
        const app = appWithRepository(t, keeping);
        const [, folder] = [await saved(app, b), await saved(app, c), await saved(app, d)];
        send(app);
        for (const _ of [1, 2]) {
            rmSync(join(folder, "off-server"));
            send(app);
        }
        assert.deepEqual(snapshotsIn(app).toSorted(), [b, c, d]);
    });

    test("forgets nothing by the rules while it has a backup twice that it does not forget", async (t) => {
        const app = appWithRepository(t, keeping);
        const folder = await saved(app, b);
        send(app);
        rmSync(join(folder, "off-server"));
        app.put("machine/while-forgetting", "echo 'Fatal: unable to create lock' >&2; exit 1");
        const before = callsOf(app).length;
        send(app);
        assert.ok(!callsOf(app).slice(before).join("\n").includes("--keep-last"));
        assert.equal(placeOf(folder), described["repository/url"]);
        remove(app, "machine/while-forgetting");
        send(app);
        assert.deepEqual(snapshotsIn(app), [b]);
        assert.equal(sentOf(app).length, 2);
        assert.equal(told(app), "");
    });

    test("keeps what is still on the server, also when another one is named by a clock that was ahead", async (t) => {
        const app = appWithRepository(t, { ...described, "backup-keep": "last 1\n" });
        const gone = await saved(app, b);
        for (const name of [c, "20990101T120000Z"]) await saved(app, name);
        send(app);
        rmSync(gone, { recursive: true });
        send(app);
        assert.deepEqual(snapshotsIn(app).toSorted(), [c, "20990101T120000Z"]);
    });

    test("that forgets nothing gets what was saved meanwhile, and has it by what is told", async (t) => {
        const app = appWithRepository(t, keeping);
        await saved(app, b);
        renameSync(await saved(app, c), join(app.folder, "later"));
        const place = join(shelfOf(app), c);
        const arriving = `[ ! -e "${app.folder}/later" ] || mv "${app.folder}/later" "${place}"`;
        app.put("machine/while-forgetting", `${arriving}; echo "Fatal: unable to create lock" >&2; exit 1`);
        const { stderr } = send(app);
        assert.equal(placeOf(place), described["repository/url"]);
        assert.match(
            told(app),
            /no backup is missing in the repository, but what is to go .* there: Fatal: unable to create/,
        );
        assert.doesNotMatch(told(app) + stderr, /on this server alone|does not have the backup/);
        remove(app, "machine/while-forgetting");
        send(app);
        assert.equal(told(app), "");
    });

    test("has a day to forget what is too much there, also after a backup that could not be sent", async (t) => {
        const app = appWithRepository(t, { ...keeping, "machine/fails": `backup=${b} ` });
        app.put("machine/timeout", '#!/bin/sh\necho "$*" >>"$(dirname "$0")/timeouts"\nshift 3\nexec "$@"\n');
        chmodSync(join(app.folder, "machine/timeout"), 0o755);
        await saved(app, b);
        send(app);
        const forgetting = app
            .text("machine/timeouts")
            .split("\n")
            .find((call) => call.includes(" forget "));
        assert.match(forgetting ?? "", /^--signal=INT --kill-after=60 86400 /);
    });
});
