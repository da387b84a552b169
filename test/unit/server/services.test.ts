import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { renderPayload } from "../../../components/remote/payload.ts";
import { occupy, until } from "../experimentApp/appOnServer.ts";
import { placeScripts, serverFolder } from "../serverScripts.ts";

const scripts = ["shared/messages", "shared/server", "shared/receive", "server/engine", "server/services"];

/** A server with an engine that does whatever it is told. */
async function ground() {
    const { root, ...disposable } = await serverFolder();
    const server = join(root, "server");
    await placeScripts(root, join(server, "bin"), ...scripts.map((script) => `${script}.sh`));
    await writeFile(join(server, "id"), "the-id");
    await mkdir(join(server, "postgres"));
    await writeFile(join(server, "postgres/password"), "");
    await mkdir(join(root, "programs"));
    const docker = '#!/bin/sh\ncase "$*" in "compose version"*) echo v2.40.0 ;; esac\n';
    await writeFile(join(root, "programs/docker"), docker, { mode: 0o700 });
    const apply = (word: string) => {
        const files = { user: "root", engine: "distribution", network: "net", images: "", "compose.yaml": word };
        const rest = { Caddyfile: word, "registry-ca.pem": "", "pg_hba.conf": "" };
        const payload = Object.entries({ ...files, ...rest }).map(([path, content]) => ({ path, content }));
        const env = { PATH: `${join(root, "programs")}:${process.env.PATH}` };
        return execa(join(server, "bin/services.sh"), ["apply"], { env, input: renderPayload(payload), reject: false });
    };
    const latest = async () => await readlink(join(server, "latest-run")).catch(() => "");
    return { server, apply, latest, ...disposable };
}

suite("the shared services", { skip: process.platform !== "linux" }, () => {
    test("are not brought back to what a lost run had brought, once a later one has come", async () => {
        await using ground_ = await ground();
        const { server, apply, latest } = ground_;
        const working = await occupy(join(server, "lock"));
        const lost = apply("former");
        await until(async () => (await latest()) !== "");
        const first = await latest();
        const next = apply("next");
        await until(async () => (await latest()) !== first);
        await working[Symbol.asyncDispose]();
        const [former, latter] = await Promise.all([lost, next]);
        assert.match(former.stderr, /a later command has come while this one waited: this one has changed nothing/);
        assert.deepEqual([former.exitCode, latter.exitCode], [1, 0], latter.stderr);
        assert.equal(await readFile(join(server, "compose.yaml"), "utf8"), "next");
        assert.deepEqual(await readdir(join(server, "payloads")), []);
    });

    test("leave nothing of what a script of the first version has unpacked: a key can be in it", async () => {
        await using ground_ = await ground();
        await mkdir(join(ground_.server, "incoming/tls"), { recursive: true });
        const { exitCode, stderr } = await ground_.apply("next");
        assert.equal(exitCode, 0, stderr);
        assert.ok(!existsSync(join(ground_.server, "incoming")));
    });
});
