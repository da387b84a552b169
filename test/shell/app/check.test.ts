import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { ScriptedApp } from "./appOnServer.ts";

/**
 * A server whose state is in files: of each shared service one with what docker says of it, `containers` with a line
 * "ID SERVICE HASH STATE" each, `serving` with the web that Caddy passes requests on to.
 */
const docker = `
for last; do :; done
of() { sed -n "s/^$1 $2 //p" "$STATE/containers"; }
case "$*" in
"inspect --format {{.State.Status}}"*) cat "$STATE/$last" 2>/dev/null ;;
"inspect --format {{index .Config.Labels"*) of "$last" '[^ ]*' ;;
"inspect --format {{.Name}}"*) echo "/dlgr-app-recall-$last" ;;
"inspect --format {{range"*) cat "$STATE/networks" ;;
"image inspect "*) [ -e "$STATE/image" ] ;;
"ps -aq "*service=*) service=\${*#*service=}; sed -n "s/ \${service%% *} .*//p" "$STATE/containers" ;;
"ps -a "*) sed 's/^\\([^ ]*\\) \\([^ ]*\\) .*/\\2 dlgr-app-recall-\\1/' "$STATE/containers" ;;
"ps -q "*) cat "$STATE/serving" ;;
*psql*) cat >/dev/null; cat "$STATE/database" 2>/dev/null ;;
*autosave.json) cat "$STATE/loaded" 2>/dev/null ;;
*"caddy adapt "*) cat "$STATE/adapted" 2>/dev/null ;;
esac`;

const release = "0123456789ab";
const siteText = "recall.example {\n}\n";
const sumOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** The server on which everything is as the stack says, by the files of its folder and of docker's state. */
const right: Readonly<Record<string, string>> = {
    "state/dlgr-server-postgres": "running, healthy",
    "state/dlgr-server-caddy": "running",
    "state/containers": "a web w running, healthy\nb web w running, healthy\nc worker k running\n",
    "state/image": "",
    "state/networks": "other\ndlgr-app-recall\n",
    "state/serving": "a",
    "state/database": "app_recall",
    "state/loaded": '{"apps":{"http":[1,2]}}',
    "state/adapted": '{"apps":{"http":[2,1]}}',
    "server/lock": "",
    "server/caddy/sites/recall.caddy": siteText,
    "server/caddy/upstreams/recall": "a:5000\n",
    "apps/recall/site.caddy": siteText,
    "apps/recall/database-applied": "",
    [`apps/recall/releases/${release}/image`]: "registry.example/image@sha256:1\n",
    [`apps/recall/releases/${release}/services`]: "web w 2\nworker k 1\n",
};

/** What is other than it should be, `undefined` for what is not there. */
type Changes = Readonly<Record<string, string | undefined>>;

/** What the verb `check` prints on such a server. */
async function check(changes: Changes, words = [release, sumOf(siteText)]) {
    await using app = await ScriptedApp.create({ docker });
    for (const [path, text] of Object.entries({ ...right, ...changes })) {
        if (text === undefined) continue;
        await mkdir(join(app.root, path, ".."), { recursive: true });
        await writeFile(join(app.root, path), text);
    }
    await symlink(`releases/${release}`, app.path("current"));
    if ("apps/recall/current" in changes) await rm(app.path("current"));
    const listing = ["-mindepth", "1", "-not", "-name", "calls", "-printf", "%p %s %T@\n"];
    const before = await execa("find", [app.root, ...listing]);
    const { exitCode, stdout, stderr } = await app.start("check", words);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.equal((await execa("find", [app.root, ...listing])).stdout, before.stdout, "only reads");
    return stdout.replaceAll(app.root, "/srv/dallinger").split("\n").filter(Boolean);
}

const containers = (...lines: string[]) => ({ "state/containers": lines.map((line) => `${line}\n`).join("") });
const [a, b, worker] = ["a web w running, healthy", "b web w running, healthy", "c worker k running"] as const;
const site = "/srv/dallinger/server/caddy/sites/recall.caddy";

const differences: Readonly<Record<string, readonly [Changes, ...string[]]>> = {
    "another release serves": [
        { "apps/recall/current": undefined },
        "release: none serves, and the stack's is 0123456789ab",
    ],
    "a shared service is missing": [
        { "state/dlgr-server-postgres": undefined },
        "server: dlgr-server-postgres is missing",
    ],
    "a deployment of the database has broken off": [
        { "apps/recall/database-applied": undefined },
        "database: a deployment has not come to its end",
    ],
    "making the tables has broken off": [
        { "apps/recall/initdb-started": "" },
        "database: making the tables has not come to its end",
    ],
    "a restore has broken off": [
        { "apps/recall/restore-started": "20260101T120000Z" },
        "database: restoring 20260101T120000Z has not come to its end",
    ],
    "the database is missing": [{ "state/database": "" }, "database: app_recall is missing"],
    "the database is somebody else's": [{ "state/database": "eve" }, "database: app_recall is owned by eve"],
    "the image is missing": [{ "state/image": undefined }, "image: registry.example/image@sha256:1 is missing"],
    "a container is missing": [containers(a, worker), "web: 1 of 2 as they should be"],
    "there are too many": [containers(a, b, "d web w running", worker), "web: 3 of 2 as they should be"],
    "a container does not run": [
        containers(a, b, "c worker k exited"),
        ...["worker: dlgr-app-recall-c is exited", "worker: 0 of 1 as they should be"],
    ],
    "a container is not healthy": [
        containers(a, "b web w running, unhealthy", worker),
        ...["web: dlgr-app-recall-b is running, unhealthy", "web: 1 of 2 as they should be"],
    ],
    "a container is made from something else": [
        containers(a, "b web x running, healthy", worker),
        ...["web: dlgr-app-recall-b is made from something else", "web: 1 of 2 as they should be"],
    ],
    "a container is of a service that the release does not have": [
        containers(a, b, worker, "d clock k running", "e we w running"),
        ...["clock: dlgr-app-recall-d is not of the release", "we: dlgr-app-recall-e is not of the release"],
    ],
    "the site is another than it was": [
        { "server/caddy/sites/recall.caddy": "changed" },
        `site: ${site} is not what the stack has put there`,
        `site: ${site} is another one than the stack's`,
    ],
    "the site is off": [
        { "server/caddy/sites/recall.caddy": undefined },
        `site: ${site} is not what the stack has put there`,
    ],
    "Caddy runs with something else": [
        { "state/loaded": '{"apps":{}}' },
        "server: dlgr-server-caddy runs with another configuration than its files have",
    ],
    "Caddy is not in the app's network": [
        { "state/networks": "dlgr-app-recall-too\n" },
        "site: dlgr-server-caddy is not in the network dlgr-app-recall",
    ],
    "Caddy leads to a web that does not run": [{ "state/serving": "" }, "site: it leads to no web that runs"],
    "Caddy leads nowhere": [{ "server/caddy/upstreams/recall": undefined }, "site: it leads to no web that runs"],
};

suite("what is told of an app that is not as the stack says", { skip: process.platform !== "linux" }, () => {
    test("is nothing where everything is", async () => {
        assert.deepEqual(await check({}), []);
        assert.deepEqual(await check({}, [release]), [], "nor of a site that the stack has not got to");
    });

    for (const [what, [changes, ...lines]] of Object.entries(differences)) {
        test(`is that ${what}, and nothing else`, async () => assert.deepEqual(await check(changes), lines));
    }

    test("is that another release serves than the stack's, with both", async () => {
        const lines = await check({}, ["ba9876543210"]);
        assert.deepEqual(lines, [`release: ${release} serves, and the stack's is ba9876543210`]);
    });

    test("is that the site is another one than the stack's where an earlier program has put it there", async () => {
        const lines = await check({}, [release, sumOf("another")]);
        assert.deepEqual(lines, [`site: ${site} is another one than the stack's`]);
    });

    test("is nothing of the database while PostgreSQL does not answer, which is told by itself", async () => {
        const down = { "state/database": undefined, "state/dlgr-server-postgres": "exited" };
        assert.deepEqual(await check(down), ["server: dlgr-server-postgres is exited"]);
    });
});
