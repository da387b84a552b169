import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { renderPayload } from "../../../components/remote/payload.ts";
import { placeDoor, serverFolder } from "../serverScripts.ts";

/** A docker whose Caddy has `loaded` the sites, and in which every name answers but those with `nowhere`. */
const docker = `#!/bin/sh
echo "$*" >>"$MACHINE/calls"
case $* in
"exec "*" caddy reload "*) rm -rf "$MACHINE/loaded"; cp -r "$SERVER/caddy/sites" "$MACHINE/loaded" ;;
"exec "*" python3 - https://nowhere"*) echo "no address"; exit 1 ;;
"logs --since "*) cat "$MACHINE/caddy.log" 2>/dev/null ;;
"ps "*) echo caddy-or-web ;;
"inspect "*NetworkSettings*) echo dlgr-app-recall ;;
*StartedAt*) cat "$MACHINE/starts" ;;
*RestartCount*) echo "true healthy 0" ;;
esac
`;

/** An app that is up, and whose site is asked for. */
async function deployedApp() {
    const { root, ...disposable } = await serverFolder();
    const [server, folder, machine] = [join(root, "server"), join(root, "apps/recall"), join(root, "machine")];
    await placeDoor(root, join(folder, "bin"), "app");
    for (const made of [join(folder, "log"), join(folder, "current"), machine, join(server, "caddy/sites")])
        await mkdir(made, { recursive: true });
    await mkdir(join(server, "caddy/upstreams"));
    await writeFile(join(server, "caddy/upstreams/recall"), "web:5000\n");
    await writeFile(join(server, "caddy/Caddyfile"), "");
    await writeFile(join(folder, "current/secrets"), "");
    await writeFile(join(folder, "bin/probe.py"), "");
    await writeFile(join(machine, "docker"), docker, { mode: 0o700 });
    const env = { PATH: `${machine}:${process.env.PATH}`, MACHINE: machine, SERVER: server };
    const read = async (file: string) => (existsSync(file) ? await readFile(file, "utf8") : undefined);
    return {
        /** Asks for a site of this name. */
        apply: async (hostname: string) => {
            const files = { "site.caddy": hostname, urls: `https://${hostname}\n`, patience: "1" };
            const input = renderPayload(Object.entries(files).map(([path, content]) => ({ path, content })));
            return await execa(join(folder, "bin/app"), ["site"], { env, input, reject: false });
        },
        /** What Caddy has logged. */
        log: async (lines: readonly object[]) => {
            await writeFile(join(machine, "caddy.log"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
        },
        /** How often Caddy was told to load what it runs with already. */
        loadedAnew: async () => (await read(join(machine, "calls")))?.split("caddy reload --force").length ?? 1,
        /** Takes the site off, as a removal does. */
        close: async () => {
            const text = `bin=$1; . "$bin/app.sh"; . "$bin/drain.sh"; close_site`;
            return await execa("sh", ["-euc", text, "sh", join(folder, "bin")], { env, reject: false });
        },
        /** The site's file, what Caddy has loaded of it, and what is known to have answered. */
        state: async () => ({
            file: await read(join(server, "caddy/sites/recall.caddy")),
            loaded: await read(join(machine, "loaded/recall.caddy")),
            answered: await read(join(folder, "site.caddy")),
        }),
        /** A removal that was killed when it had made its backup; somebody has started the containers again. */
        save: async () => await writeFile(join(folder, "backup"), "/srv/dallinger/backups/recall/20260101T120000Z\n"),
        /** A first release whose web, noted as started at ten, was started then. */
        settle: async (started: string) => {
            await writeFile(join(folder, "current/services"), "web w 1\n");
            await writeFile(join(folder, "release-settling"), "1\nweb 10:00\n");
            await writeFile(join(machine, "starts"), `web ${started}\n`);
        },
        hasBackup: () => existsSync(join(folder, "backup")),
        /** Caddy as it was before it was told of what is there now. */
        forget: async () => {
            await rm(join(machine, "loaded"), { recursive: true, force: true });
            await mkdir(join(machine, "loaded"));
        },
        /** Caddy as it would be if nobody had told it of a removed file. */
        remove: async () => {
            await cp(join(server, "caddy/sites"), join(machine, "loaded"), { recursive: true });
            await rm(join(server, "caddy/sites/recall.caddy"));
        },
        ...disposable,
    };
}

const all = (text: string) => ({ file: text, loaded: text, answered: text });

suite("the site of an app", { skip: process.platform !== "linux" }, () => {
    test("is the former one after a change to a name that leads nowhere, so that a name set back is what is there", async () => {
        await using app = await deployedApp();
        const { stderr } = await app.apply("a.example");
        assert.deepEqual(await app.state(), all("a.example"), stderr);
        const failed = await app.apply("nowhere.example");
        assert.equal(failed.exitCode, 1);
        assert.match(
            failed.stderr,
            /the previous site of recall is there again\nhttps:\/\/nowhere\.example does not answer/,
        );
        assert.deepEqual(await app.state(), all("a.example"));
    });

    test("stays where it is the first one: its certificate may still be on its way", async () => {
        await using app = await deployedApp();
        assert.equal((await app.apply("nowhere.example")).exitCode, 1);
        const state = { file: "nowhere.example", loaded: "nowhere.example", answered: undefined };
        assert.deepEqual(await app.state(), state);
    });

    test("of a first release whose web has died while it was asked: that is told, not that TLS is missing", async () => {
        await using app = await deployedApp();
        await app.settle("10:01");
        const died = await app.apply("nowhere.example");
        assert.equal(died.exitCode, 1);
        assert.match(died.stderr, /recall is not launched, because a container of the first release has ended/);
        assert.doesNotMatch(died.stderr, /TLS/);
        await app.settle("10:00");
        assert.match((await app.apply("nowhere.example")).stderr, /nowhere\.example does not answer over verified TLS/);
    });

    test("that gets no certificate: what each authority has answered last is told, and what to do", async () => {
        await using app = await deployedApp();
        const refused = (identifier: string, issuer: string, error: string) => {
            const told = { level: "error", ts: 1, logger: "tls.obtain", msg: "could not get certificate from issuer" };
            return { ...told, identifier, issuer, error };
        };
        await app.log([
            refused("nowhere.example", "acme.example-dir", "the first answer"),
            refused("other.example", "acme.example-dir", "what another app was told"),
            refused("nowhere.example", "acme.example-dir", 'HTTP 400 urn:ietf:params:acme:error:dns - no "A" record'),
            { level: "error", msg: "will retry", error: "what Caddy makes of it" },
            refused("nowhere.example", "ca.example-dir", "connection refused"),
        ]);
        const { stderr } = await app.apply("nowhere.example");
        const lines = stderr.split("\n");
        assert.deepEqual(lines.filter((line) => line.includes(" answers: ")).toSorted(), [
            'acme.example-dir answers: HTTP 400 urn:ietf:params:acme:error:dns - no "A" record',
            "ca.example-dir answers: connection refused",
        ]);
        assert.match(
            lines.at(-1) ?? "",
            /^nowhere\.example gets no certificate: .* run `\.\/pulumi up` again, which asks anew$/,
        );
        assert.doesNotMatch(stderr, /the first answer|another app|makes of it/);
    });

    test("that got no certificate is asked for anew by the next run, not when Caddy would after its pause", async () => {
        await using app = await deployedApp();
        await app.apply("nowhere.example");
        const before = await app.loadedAnew();
        await app.apply("nowhere.example");
        assert.equal((await app.loadedAnew()) - before, 1);
        await app.apply("a.example");
        await app.apply("a.example");
        assert.equal((await app.loadedAnew()) - before, 1, "one that answers is left as it is");
    });

    test("brings answers that a backup made before it does not hold: that is not the next removal's", async () => {
        await using app = await deployedApp();
        await app.save();
        const { exitCode, stderr } = await app.apply("a.example");
        assert.equal(exitCode, 0, stderr);
        assert.ok(!app.hasBackup());
    });

    test("that a killed run has put there and not loaded is loaded by the next", async () => {
        await using app = await deployedApp();
        await app.apply("a.example");
        await app.forget();
        await app.apply("a.example");
        assert.deepEqual(await app.state(), all("a.example"));
    });

    test("that a killed run has taken off and not unloaded is unloaded by the next", async () => {
        await using app = await deployedApp();
        await app.apply("a.example");
        await app.remove();
        assert.equal((await app.state()).loaded, "a.example");
        await app.close();
        assert.equal((await app.state()).loaded, undefined);
    });
});
