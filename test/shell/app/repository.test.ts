import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { appWithRepository, callsOf, described, opened, placeOf, run, saved, shelfOf } from "./appWithRepository.ts";

suite("an app's repository", { skip: process.platform !== "linux" }, () => {
    test("is made where there is none, and opened where there is", (t) => {
        const app = appWithRepository(t);
        assert.equal(run(app, 'open_repository "$repository"; open_repository "$repository"').status, 0);
        const verbs = callsOf(app).map((call) => call.split(" ").slice(-2).join(" "));
        assert.equal(verbs.filter((verb) => verb.endsWith(" init")).length, 1);
    });

    test("is opened by files and the environment of restic alone: no secret is in its arguments", (t) => {
        const app = appWithRepository(t);
        run(app, 'open_repository "$repository"; env >"$folder/own-environment"');
        const environment = readFileSync(join(app.folder, "machine/restic.env"), "utf8");
        assert.match(environment, /^AWS_ACCESS_KEY_ID=the-id$/m);
        assert.match(environment, /^AWS_SECRET_ACCESS_KEY=the-key$/m);
        assert.match(environment, new RegExp(`^RESTIC_PASSWORD_FILE=${app.folder}/repository/password$`, "m"));
        assert.match(callsOf(app)[0] ?? "", /--cacert \S+\/repository\/ca\.pem --no-lock cat config$/);
        assert.doesNotMatch(callsOf(app).join("\n"), /w0rd|the-id|the-key/);
        assert.doesNotMatch(readFileSync(join(app.folder, "own-environment"), "utf8"), /the-key/);
    });

    test("knows whose its locks are by the server's id: many servers have the same name", (t) => {
        const app = appWithRepository(t);
        run(app, opened);
        assert.deepEqual([...new Set(app.text("machine/restic.hosts").trim().split("\n"))], ["dlgr-the-server"]);
    });

    test("gives restic a host name that is that program's alone", { skip: process.getuid?.() !== 0 }, () => {
        const script = join(import.meta.dirname, "../../../templates/app/host-name.sh");
        const read = "/proc/sys/kernel/hostname";
        const before = readFileSync(read, "utf8");
        const { stdout, stderr } = spawnSync("sh", [script, "dlgr-x", "sh", "-c", `cat ${read}; env`], {
            encoding: "utf8",
        });
        assert.match(stdout, /^dlgr-x\n/, stderr);
        assert.doesNotMatch(stdout, /in_space/);
        assert.equal(readFileSync(read, "utf8"), before);
    });

    test("without a schedule is as the stack has it", (t) => {
        const app = appWithRepository(t, { ...described, "schedule-applied": "the-sum\n" });
        const { status, stdout, stderr } = app.run('. "$bin/verbs/check.sh"; check_schedule the-sum');
        assert.deepEqual([status, stdout], [0, ""], stderr);
    });

    test("on another host is reached with its own key and by that host's key alone", (t) => {
        const app = appWithRepository(t, {
            ...{
                "repository/url": "sftp:me@nas:/backups",
                "repository/password": "w0rd",
                "repository/login": "me@nas",
            },
            ...{
                "repository/port": "2222",
                "repository/private-key": "KEY",
                "repository/known_hosts": "repository x y\n",
            },
        });
        run(app, 'open_repository "$repository"');
        const [call = ""] = callsOf(app);
        assert.match(
            call,
            /sftp\.command=ssh -F none -i \S+\/private-key .*-o StrictHostKeyChecking=yes .*-p 2222 me@nas -s sftp/,
        );
        assert.match(
            call,
            /UserKnownHostsFile=\S+\/known_hosts -o GlobalKnownHostsFile=none -o HostKeyAlias=repository/,
        );
    });

    test("that does not open is refused with restic's own words, and nothing is changed", (t) => {
        const app = appWithRepository(t, { ...described, "machine/fails": "c", "machine/why": "wrong password" });
        const { status, stderr } = run(app, 'open_repository "$repository"');
        assert.equal(status, 1);
        assert.match(stderr, /^Fatal: wrong password\nthe repository s3:\S+ \(\S+\) does not open from this server/m);
    });

    test("gets every complete backup of the app that it does not have, once, by which it is found", async (t) => {
        const app = appWithRepository(t);
        const [first, second] = [await saved(app, "20260101T120000Z"), await saved(app, "20260102T120001Z-7")];
        await saved(app, "20260103T120000Z", { owner: "somebody-else\n" });
        app.put(`backups/${basename(app.folder)}/20260104T120000Z/owner`, "the-owner\n");
        assert.equal(run(app, `${opened}; send_away; send_away`).status, 0);
        const sent = callsOf(app).filter((call) => call.includes(" backup "));
        assert.equal(sent.length, 2);
        const tags = "--tag dallinger-owner=the-owner --tag dallinger-kind=scheduled";
        assert.ok(
            sent[1]?.endsWith(
                `backup --host ${basename(app.folder)} --time 2026-01-02 12:00:01 ${tags} --tag dallinger-backup=20260102T120001Z-7 ${second}`,
            ),
            sent[1],
        );
        for (const folder of [first, second]) assert.ok(existsSync(join(folder, "off-server")));
    });

    test("that comes in place of another one gets what that one has, too", async (t) => {
        const app = appWithRepository(t);
        await saved(app, "20260101T120000Z");
        run(app, `${opened}; send_away`);
        app.put("repository/url", "s3:https://elsewhere.lab.example/backups");
        run(app, `${opened}; send_away; send_away`);
        assert.equal(callsOf(app).filter((call) => call.includes(" backup ")).length, 2);
    });

    test("is noted as the one that has a backup, also when the stack names another one while that is sent", async (t) => {
        const app = appWithRepository(t);
        const folder = await saved(app, "20260101T120000Z");
        app.put("machine/meanwhile", `echo s3:https://elsewhere.lab.example/backups >"${app.folder}/repository/url"`);
        run(app, `${opened}; send_away`);
        assert.equal(placeOf(folder), described["repository/url"]);
    });

    test("that two servers have made at once is refused: one of them could not read it", (t) => {
        const app = appWithRepository(t, { ...described, "machine/keys": "0a1b\n2c3d\n" });
        const { status, stderr } = run(app, opened);
        assert.equal(status, 1);
        assert.match(stderr, /may have been made by two servers at once/);
    });

    test("is not made where it may be there: it says why it does not open", (t) => {
        const app = appWithRepository(t, {
            ...described,
            "machine/fails": "cat config",
            "machine/why": "no signature",
        });
        const { status, stderr } = run(app, opened);
        assert.deepEqual([status, /no signature/.test(stderr)], [1, true], stderr);
        assert.ok(!callsOf(app).some((call) => call.endsWith(" init")));
    });

    test("keeps of the scheduled ones, of this owner alone, what stays on the server", async (t) => {
        const app = appWithRepository(t, { ...described, "backup-keep": "last 3\ndaily 7\nweekly 0\nmonthly 12\n" });
        await saved(app, "20260101T120000Z");
        run(app, `${opened}; send_away`);
        const forgotten = `forget --host ${basename(app.folder)} --tag dallinger-owner=the-owner,dallinger-kind=scheduled --group-by host --keep-last 3 --keep-daily 7 --keep-monthly 12 --keep-tag dallinger-backup=20260101T120000Z --prune`;
        assert.ok(callsOf(app).at(-1)?.endsWith(forgotten), callsOf(app).at(-1));
    });

    test("gets what the schedule has saved while it forgot others", async (t) => {
        const app = appWithRepository(t, { ...described, "backup-keep": "last 3\n" });
        await saved(app, "20260101T120000Z");
        const later = await saved(app, "later");
        const place = join(shelfOf(app), "20260102T120000Z");
        renameSync(later, join(app.folder, "later"));
        app.put("machine/while-forgetting", `[ ! -e "${app.folder}/later" ] || mv "${app.folder}/later" "${place}"`);
        run(app, `${opened}; send_away`);
        assert.equal(placeOf(place), described["repository/url"]);
    });

    test("gets all others where one of them cannot be read, and says of that one why", async (t) => {
        const fails = { "machine/fails": "backup=20260101T120000Z", "machine/why": "read: bad" };
        const app = appWithRepository(t, { ...described, ...fails });
        const bad = await saved(app, "20260101T120000Z");
        const good = await saved(app, "20260102T120000Z");
        const { stderr } = run(app, `${opened}; send_away`);
        assert.deepEqual(
            [bad, good].map((folder) => existsSync(join(folder, "off-server"))),
            [false, true],
        );
        assert.match(stderr, /read: bad\nthe repository \S+ does not have the backup/);
        assert.match(app.text("repository-failed"), /its repository does not have it: Fatal: read: bad$/m);
        assert.ok(!app.has("backup-sent-now"));
    });

    test("that does not answer takes nothing away, is noted, and gets the backup with the next", async (t) => {
        const app = appWithRepository(t, { ...described, "machine/fails": " backup ", "machine/why": "dial: refused" });
        const folder = await saved(app, "20260101T120000Z");
        const { status, stderr } = run(app, `${opened}; send_away`);
        assert.equal(status, 0);
        assert.match(stderr, /dial: refused\nthe repository \S+ does not have the backup, which is on this server/);
        assert.ok(existsSync(join(folder, "SHA256SUMS")) && !existsSync(join(folder, "off-server")));
        const told = () => run(app, '. "$bin/failure.sh"; failed_backup "$folder"').stdout;
        assert.match(
            told(),
            /^\S+Z\na backup is on this server alone: its repository does not have it: Fatal: dial: refused\n$/,
        );
        app.put("machine/fails", "never");
        run(app, `${opened}; send_away`);
        assert.equal(told(), "");
        assert.ok(existsSync(join(folder, "off-server")));
    });

    test("that does not open is sent nothing, so that nobody waits for each of its backups", async (t) => {
        const app = appWithRepository(t, {
            ...described,
            "machine/fails": "cat config",
            "machine/why": "dial: refused",
        });
        const folder = await saved(app, "20260101T120000Z");
        const { status, stderr } = run(app, "send_away");
        assert.equal(status, 0);
        assert.match(stderr, /dial: refused\nthe repository \S+ does not have the backup, which is on this server/);
        assert.ok(existsSync(join(folder, "SHA256SUMS")) && app.has("repository-failed"));
        assert.ok(!callsOf(app).some((call) => call.includes(" backup ")));
    });

    test("that is locked by another app is waited for", async (t) => {
        const app = appWithRepository(t, {
            ...described,
            "machine/fails": " backup ",
            "machine/why": "repository is already locked",
        });
        await saved(app, "20260101T120000Z");
        const { stderr } = run(app, `sleep() { echo never >"$folder/machine/fails"; }; ${opened}; send_away`);
        assert.equal(stderr.includes("does not have the backup"), false, stderr);
    });
});

suite("a backup that only the repository has", { skip: process.platform !== "linux" }, () => {
    /** Sends one away, and the server's copy is lost. */
    async function lost(t: TestContext, damage = ":") {
        const app = appWithRepository(t);
        const folder = await saved(app, "20260101T120000Z");
        run(app, 'open_repository "$repository"; send_away');
        run(app, `rm -rf "${folder}"; cd "$folder/machine/repo${folder}"; ${damage}`);
        return { app, folder };
    }

    test("comes back whole, for root alone, and under its name when its sums are right", async (t) => {
        const { app, folder } = await lost(t);
        const { status, stderr } = run(app, "fetch_archive 20260101T120000Z");
        assert.equal(status, 0, stderr);
        assert.equal(readFileSync(join(folder, "database.dump"), "utf8"), "a dump");
        assert.ok(!existsSync(join(shelfOf(app), ".fetching")));
        run(app, `${opened}; send_away`);
        assert.equal(callsOf(app).filter((call) => call.includes(" backup ")).length, 1, "it is sent again");
    });

    test("is known to be there also when it has a folder in the place of what says so", async (t) => {
        const { app, folder } = await lost(t, "mkdir off-server");
        assert.equal(run(app, "fetch_archive 20260101T120000Z").status, 0);
        assert.equal(placeOf(folder), described["repository/url"]);
    });

    for (const [what, damage, says] of [
        ["is damaged there", "echo other >database.dump", /has not come from the repository as its checksums say/],
        ["is not whole there", "rm rows", /has not come from the repository as its checksums say/],
        [
            "is a link there",
            "cd ..; mv 20260101T120000Z real; ln -s real 20260101T120000Z",
            /is a link in the repository/,
        ],
        ["has a link in it", "ln -s /etc/hostname off-server", /has one in it, and no backup/],
        ["is not there", 'rm -rf "$folder/machine/repo"/*', /is not to be found in the repository/],
    ] as const) {
        test(`has no name on the server when it ${what}`, async (t) => {
            const { app, folder } = await lost(t, damage);
            const { status, stderr } = run(app, "fetch_archive 20260101T120000Z");
            assert.equal(status, 1);
            assert.match(stderr, says);
            assert.match(stderr, /`\.\/ops\/dallinger backups list --repository` shows what is there/);
            assert.ok(!existsSync(folder) && !existsSync(join(shelfOf(app), ".fetching")));
        });
    }

    test("keeps the app from beginning anew when it is named no longer, also once the name is taken", async (t) => {
        const app = appWithRepository(t, { ...described, "payload/.sha256": "0a" });
        await saved(app, "20260101T120000Z");
        const { status, stderr } = run(
            app,
            'database_exists() { return 1; }; . "$bin/verbs/database.sh"; verb_database "$folder/payload"',
        );
        assert.equal(status, 1, stderr);
        assert.match(stderr, /this stack has had \S+ on this server, and its data are in the backup 20260101T120000Z/);
        assert.ok(!app.has("database-made"));
    });

    test("is not fetched where there is no room for it", async (t) => {
        const { app, folder } = await lost(t);
        const { status, stderr } = run(app, "df() { echo 150; }; fetch_archive 20260101T120000Z");
        assert.equal(status, 1);
        assert.match(stderr, /needs twice as much room on the server/);
        assert.ok(!existsSync(folder));
    });
});
