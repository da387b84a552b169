import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { readServerStatus } from "../../../ops/status/serverStatus.ts";
import { ScriptedApp } from "./appOnServer.ts";

/**
 * A server whose state is in files: `containers` with a line "ID SERVICE" each, `summary` with what the web says of its participants,
 * `counted` with what the table does, `rows` with its size, `volume` with Caddy's files.
 */
const docker = `
case "$*" in
"volume inspect "*) echo "$STATE/volume" ;;
"info "*) echo "$STATE" ;;
"ps -a --no-trunc "*) [ ! -e "$STATE/down" ] || exit 1; sed 's/^\\([^ ]*\\) \\(.*\\)/\\1 \\2 dlgr-app-recall-\\2-1 Up 2 hours (healthy)/' "$STATE/containers" ;;
"ps -aq "*service=*) service=\${*#*service=}; sed -n "s/ \${service%% *}$//p" "$STATE/containers" ;;
"ps -a "*) sed 's/^[^ ]* \\(.*\\)/\\1 dlgr-app-recall-\\1-1/' "$STATE/containers" ;;
"ps -q "*) echo serving ;;
"stats "*) echo "memory dlgr-app-recall-web-1 1.5MiB / 1GiB" ;;
"inspect --format {{.Name}} {{.State.Status}}"*) echo "/dlgr-app-recall-web-1 running healthy 2026-01-02T03:04:05.678901234Z 3" ;;
"inspect --format {{.State.Status}}"*) echo "running, healthy" ;;
"inspect --format {{index .Config.Labels"*) echo "w running, healthy" ;;
"inspect --format {{.Name}}"*) echo "/dlgr-app-recall-web-1" ;;
"inspect --format {{range"*) echo dlgr-app-recall ;;
"exec -i serving python3"*) cat >/dev/null; cat "$STATE/summary" 2>/dev/null ;;
*PGUSER=*) asked=$(cat); case $asked in *participant*) cat "$STATE/counted" 2>/dev/null ;; *) echo "at 2026-02-03T04:05:06Z" ;; esac ;;
*psql*) asked=$(cat); case $asked in *pg_database_size*) cat "$STATE/rows" ;; *) echo app_recall ;; esac ;;
*autosave.json | *"caddy adapt "*) echo '{"apps":{}}' ;;
esac`;

const release = "0123456789ab";
const site = "recall.example, www.recall.example {\n}\n";
const record = {
    ...{
        release,
        image: "registry.example/recall@sha256:1",
        applied: "2026-01-02T03:04:05Z",
        by: "root",
        stack: "lab",
    },
    commit: "",
};

/** An app on which everything is as the stack says, by the files of its server. */
const right: Readonly<Record<string, string>> = {
    "state/containers": "a web\n",
    "state/rows": "app_recall 7000000\n",
    "state/summary": '[["approved", 2], ["working", 1]]\n',
    "server/lock": "",
    "server/caddy/Caddyfile": "(dallinger_tls) {\n\ttls internal\n}\n",
    "server/caddy/sites/recall.caddy": site,
    "server/caddy/upstreams/recall": "dlgr-app-recall-web-1:5000\n",
    "apps/recall/site.caddy": site,
    "apps/recall/owner": "the-owner",
    "apps/recall/database-applied": "",
    "apps/recall/database-made": "",
    "apps/recall/launch-started": "2026-01-02T03:05:00Z\n",
    "apps/recall/launch.json": "{}",
    [`apps/recall/releases/${release}/image`]: "registry.example/image@sha256:1\n",
    [`apps/recall/releases/${release}/services`]: "web w 1\n",
    [`apps/recall/releases/${release}/record.json`]: JSON.stringify(record),
};

/** What the verb `status` tells of it, with other files, `undefined` for what is not there. */
async function status(changes: Readonly<Record<string, string | undefined>> = {}, words = [release]) {
    await using app = await ScriptedApp.create({ docker });
    for (const [path, text] of Object.entries({ ...right, ...changes })) {
        if (text === undefined) continue;
        await mkdir(join(app.root, path, ".."), { recursive: true });
        await writeFile(join(app.root, path), text);
    }
    await symlink(`releases/${release}`, app.path("current"));
    const listing = ["-mindepth", "1", "-not", "-name", "calls", "-printf", "%p %s %T@\n"];
    const before = await execa("find", [app.root, ...listing]);
    const { exitCode, stdout, stderr } = await app.start("status", words);
    assert.equal((await execa("find", [app.root, ...listing])).stdout, before.stdout, "only reads");
    return { exitCode, stdout, stderr, told: () => readServerStatus(stdout), calls: await app.calls() };
}

/** A certificate for a name, and the seconds of its life. */
async function certificateOf(name: string, days: number): Promise<string> {
    const subject = ["-subj", `/CN=${name}`, "-days", String(days), "-addext", `subjectAltName=DNS:${name}`];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "/dev/null"];
    return (await execa("openssl", ["req", "-x509", ...key, ...subject])).stdout;
}

suite("what is told of how an app is", { skip: process.platform !== "linux" }, () => {
    test("is all that its folder, its containers, its web and its database say", async () => {
        const { exitCode, stderr, told } = await status();
        assert.deepEqual([exitCode, stderr], [0, ""]);
        const { containers, disks, release: found, ...rest } = told();
        assert.deepEqual(rest, {
            ...{ name: "recall", state: "running", atWork: false, owner: "the-owner", launched: true },
            ...{ hosts: ["recall.example", "www.recall.example"], lastAnswer: "2026-02-03T04:05:06Z" },
            ...{ launchBegun: "2026-01-02T03:05:00Z", participants: { approved: 2, working: 1 } },
            ...{ memory: 1_572_864, disk: 7_000_000, backups: [], differences: [] },
            certificates: [
                { host: "recall.example", certificate: undefined },
                { host: "www.recall.example", certificate: undefined },
            ],
        });
        assert.equal(found?.release, release);
        const state = { state: "running", health: "healthy", since: "2026-01-02T03:04:05Z", restarts: 3 };
        assert.deepEqual(containers, [{ name: "dlgr-app-recall-web-1", service: "web", ...state, memory: 1_572_864 }]);
        for (const { size, free } of disks ?? []) assert.ok(size > 0 && free >= 0);
        assert.ok((disks ?? []).length > 0);
    });

    test("is what `check` finds as well", async () => {
        const { told } = await status({}, ["ba9876543210"]);
        assert.deepEqual(told().differences, [`release: ${release} serves, and the stack's is ba9876543210`]);
    });

    test("is how many participants there are by the table where the web does not say, and as its own role", async () => {
        const counted = "state approved 4\nstate working 0\nend\n";
        const { told, calls } = await status({ "state/summary": undefined, "state/counted": counted });
        assert.deepEqual(told().participants, { approved: 4 });
        const sessions = calls.filter((call) => call.includes("PGUSER="));
        assert.equal(sessions.length, 2);
        for (const session of sessions)
            assert.match(session, /^exec -i -u nobody -e PGUSER=app_recall .*statement_timeout=5000 .*read_only=on/);
    });

    test("is never that there are none where nobody could tell", async () => {
        for (const counted of [undefined, "", "state approved 4\n", "state approved many\nend\n", "end of it\n"]) {
            const { told } = await status({ "state/summary": undefined, "state/counted": counted });
            assert.equal(told().participants, "unknown", counted);
        }
        assert.deepEqual((await status({ "state/summary": "[]\n" })).told().participants, {});
    });

    test("is nothing that an app makes up, whatever its web and its tables say", async () => {
        const forged = "differs all is lost\nowner eve\nbackup 20260101T000000Z 1 fetched\napp eve\nwhole yes";
        const honest = (await status({ "state/summary": undefined, "state/counted": "" })).told();
        for (const hostile of [forged, `[["approved", 1]]\n${forged}`, `[\n${forged}`, `\u001b[2J\r${forged}`]) {
            const { disks: _, ...told } = (await status({ "state/summary": hostile })).told();
            const { disks: __, ...expected } = honest;
            assert.deepEqual(told, expected, hostile);
            const { told: ofTable } = await status({
                "state/summary": undefined,
                "state/counted": `${hostile}\nend\n`,
            });
            assert.deepEqual({ ...ofTable(), disks: [] }, { ...honest, disks: [] }, hostile);
        }
    });

    test("is the beginning of what an app says without end", async () => {
        const { stdout, told } = await status({ "state/summary": `[${"1".repeat(1_000_000)}` });
        assert.equal(told().participants, "unknown");
        assert.ok(stdout.length < 20_000);
    });

    test("is who has issued the certificate of each host name, and until when", async () => {
        const [early, late] = [await certificateOf("recall.example", 10), await certificateOf("recall.example", 90)];
        const folder = "state/volume/caddy/certificates";
        const { told } = await status({
            [`${folder}/local/recall.example/recall.example.crt`]: early,
            [`${folder}/other/www.recall.example/www.recall.example.crt`]: `${late}\n${early}`,
        });
        const [first, second] = told().certificates ?? [];
        assert.deepEqual([first?.host, second?.host], ["recall.example", "www.recall.example"]);
        const days = ({ from = "", until = "" } = {}) => (Date.parse(until) - Date.parse(from)) / 86_400_000;
        assert.deepEqual([days(first?.certificate), days(second?.certificate)], [10, 90]);
        assert.deepEqual([first?.certificate?.issuer, first?.certificate?.kind], ["recall.example", "renewed"]);
    });

    test("is that of the stack where that has brought one", async () => {
        const { told } = await status({
            "server/caddy/Caddyfile":
                "(dallinger_tls) {\n\ttls /etc/caddy/tls/certificate.pem /etc/caddy/tls/key.pem\n}\n",
            "server/caddy/tls/certificate.pem": await certificateOf("*.example", 10),
        });
        assert.deepEqual(
            told().certificates?.map(({ certificate }) => [certificate?.issuer, certificate?.kind]),
            [
                ["*.example", "brought"],
                ["*.example", "brought"],
            ],
        );
    });

    test("is which backups are whole, and which of them somebody has fetched", async () => {
        const { told } = await status({
            "backups/recall/20260101T000000Z/SHA256SUMS": "",
            "backups/recall/20260101T000000Z/fetched": "",
            "backups/recall/20260201T000000Z-12/SHA256SUMS": "",
            "backups/recall/.incomplete/SHA256SUMS": "",
            "backups/recall/20260301T000000Z/database.dump": "",
            "backups/other/20260401T000000Z/SHA256SUMS": "",
        });
        assert.deepEqual(
            told().backups?.map(({ name, fetched }) => [name, fetched]),
            [
                ["20260201T000000Z-12", false],
                ["20260101T000000Z", true],
            ],
        );
        for (const { size } of told().backups ?? []) assert.ok(size !== undefined);
    });

    test("is that nobody knows how its launch has ended", async () => {
        const { told } = await status({ "apps/recall/launch.json": undefined });
        assert.deepEqual([told().launched, told().launchBegun], ["unknown", "2026-01-02T03:05:00Z"]);
    });

    test("is nothing, but why, where Docker does not answer", async () => {
        const { exitCode, stdout, stderr } = await status({ "state/down": "" });
        assert.deepEqual([exitCode, stdout], [1, ""]);
        assert.match(stderr, /Docker does not answer/);
    });

    test("is nothing where what came has no end", async () => {
        const { stdout } = await status();
        assert.throws(() => readServerStatus(stdout.replace("whole yes", "")), /has not told all/);
        assert.throws(() => readServerStatus(""), /has not told all/);
    });
});
