import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { CommandLine } from "./commandLine.ts";

const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nof a test\n-----END OPENSSH PRIVATE KEY-----\n";

test("who deploys by a key of the stack's own can fetch backups with it, and leaves no trace of it", async (t) => {
    const line = await CommandLine.create(t);
    await line.addStack("project", "lab1", { privateKey: key, tlsKey: "another secret" });
    for (const command of ["list", "fetch"]) {
        const { exitCode, stdout, stderr, ssh, asked } = await line.run(["backups", command, "--stack", "lab1"]);
        assert.equal(exitCode, 0, stderr);
        assert.match(ssh, /-F none .*IdentityFile="\S+" -o IdentitiesOnly=yes -o IdentityAgent=none/);
        assert.match(ssh, /StrictHostKeyChecking=yes/);
        assert.equal(await line.note("key"), `${key}600\n`);
        assert.doesNotMatch(ssh + asked + stdout + stderr, /of a test|another secret/);
        assert.deepEqual(await line.temporaryFiles(), []);
    }
});

test("who deploys with the agent logs in with it, and with no key of a home folder", async (t) => {
    const line = await CommandLine.create(t);
    await line.addStack("project", "lab1");
    const { exitCode, ssh } = await line.run(["backups", "list", "--stack", "lab1"]);
    assert.equal(exitCode, 0);
    assert.match(ssh, /-o IdentityFile=none/);
    assert.doesNotMatch(ssh, /IdentityAgent/);
});

test("secrets that cannot be read are not taken for no key", async (t) => {
    const line = await CommandLine.create(t);
    await line.addStack("project", "lab1", {});
    const secrets = join(line.folder, "stacks/project/lab1/secrets");
    await writeFile(secrets, '["a secret"]');
    const { exitCode, stderr, ssh } = await line.run(["backups", "list", "--stack", "lab1"]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /^dallinger:serverSecrets is no map of secrets/);
    assert.doesNotMatch(stderr, /a secret/);
    await line.script(
        "project/pulumi",
        `case "$*" in *'config get'*) echo "error: incorrect passphrase" >&2; exit 1 ;; *'config --json'*) echo '{ "dallinger:serverSecrets": { "secret": true } }' ;; *) cat "$NOTES/server.json" ;; esac`,
    );
    await rm(secrets);
    const locked = await line.run(["backups", "list", "--stack", "lab1"]);
    assert.deepEqual([locked.exitCode, locked.stderr], [1, "error: incorrect passphrase"]);
    assert.equal(ssh + locked.ssh, "");
});

test("a command that is interrupted while it is logged in leaves no key behind", async (t) => {
    const line = await CommandLine.create(t);
    await line.addStack("project", "lab1", { privateKey: key });
    await writeFile(join(line.folder, "notes/ssh-waits"), "");
    const running = line.start(["backups", "list", "--stack", "lab1"]);
    while ((await line.note("waiting")) === "") await setTimeout(20);
    assert.equal((await line.temporaryFiles()).length, 1);
    running.kill("SIGTERM");
    assert.equal((await running).signal, "SIGTERM");
    assert.deepEqual(await line.temporaryFiles(), []);
});
