import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { occupy, until } from "../app/appOnServer.ts";
import { claimedServer } from "./preparedServer.ts";

suite("what services.sh is sent", { skip: process.platform !== "linux" }, () => {
    test("is not applied once a later run has come: a lost one brings nothing back", async () => {
        await using prepared = await claimedServer();
        const server = join(prepared.root, "server");
        const latest = async () => await readlink(join(server, "latest-run")).catch(() => "");
        const working = await occupy(join(server, "lock"));
        const lost = prepared.apply({ caddy: "caddy:former" });
        await until(async () => (await latest()) !== "");
        const first = await latest();
        const next = prepared.apply({ caddy: "caddy:next" });
        await until(async () => (await latest()) !== first);
        await working[Symbol.asyncDispose]();
        const [former, latter] = await Promise.all([lost, next]);
        assert.match(former.stderr, /a later command has come while this one waited: this one has changed nothing/);
        assert.deepEqual([former.exitCode, latter.exitCode], [1, 0], latter.stderr);
        assert.match((await prepared.read("server/compose.yaml")) ?? "", /caddy:next/);
        assert.deepEqual(await readdir(join(server, "payloads")), []);
    });

    test("goes with the run, also what a script of the first version has unpacked: a key can be in it", async () => {
        await using prepared = await claimedServer();
        const server = join(prepared.root, "server");
        await mkdir(join(server, "incoming/tls"), { recursive: true });
        const { exitCode, stderr } = await prepared.apply({});
        assert.equal(exitCode, 0, stderr);
        assert.ok(!existsSync(join(server, "incoming")));
        assert.deepEqual(await readdir(join(server, "payloads")), []);
        const failed = await prepared.apply({ caddy: "missing:2" });
        assert.equal(failed.exitCode, 1);
        assert.deepEqual(await readdir(join(server, "payloads")), []);
    });
});
