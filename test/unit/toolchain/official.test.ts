import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { execa } from "execa";
import { Machine } from "./machine.ts";

const architecture = process.arch === "arm64" ? { cli: "arm64", plugin: "arm64" } : { cli: "x64", plugin: "amd64" };
const cli = `pulumi-v3.259.0-${process.platform}-${architecture.cli}.tar.gz`;
const plugin = `pulumi-resource-random-v4.21.2-${process.platform}-${architecture.plugin}.tar.gz`;
const pluginSums = "/pulumi-random/releases/download/v4.21.2/pulumi-random_4.21.2_checksums.txt";
const cliSums = "/sdk/pulumi-3.259.0-checksums.txt";

/** A download site on the loopback that has these files and nothing else. */
async function downloadSite(t: TestContext, files: Record<string, string | Buffer>): Promise<Record<string, string>> {
    const site = createServer(({ url = "" }, response) => {
        const file = files[url];
        if (file === undefined) response.writeHead(404);
        response.end(file);
    });
    return listening(t, site);
}

async function listening(t: TestContext, site: Server): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    t.after(() => {
        site.closeAllConnections();
        site.close();
    });
    const address = site.address();
    assert.ok(address !== null && typeof address === "object");
    const url = `http://127.0.0.1:${address.port}`;
    return { DALLINGER_PULUMI_DOWNLOADS: url, DALLINGER_PLUGIN_RELEASES: url };
}

/** An archive of these programs, and its sum. */
async function pack(machine: Machine, programs: string[], folder = ".") {
    const release = await mkdtemp(join(machine.folder, "release-"));
    await mkdir(join(release, folder), { recursive: true });
    for (const program of programs) await writeFile(join(release, folder, program), "#!/bin/sh\n", { mode: 0o755 });
    const packed = `${release}.tar.gz`;
    await execa("tar", ["-czf", packed, "-C", release, ...(folder === "." ? programs : [folder])]);
    const archive = await readFile(packed);
    return { archive, sum: createHash("sha256").update(archive).digest("hex") };
}

/** The CLI's archive as Pulumi packs it. */
function cliArchive(machine: Machine) {
    return pack(machine, ["pulumi", "pulumi-language-nodejs", "pulumi-language-go"], "pulumi");
}

test("fetches the CLI with its language host from the download site, and checks the published sum", async (t) => {
    const machine = await Machine.create(t);
    const { archive, sum } = await cliArchive(machine);
    const site = await downloadSite(t, { [cliSums]: `${sum}  ${cli}\n`, [`/sdk/${cli}`]: archive });
    const { exitCode, stderr } = await machine.toolchain(["ensure", "pulumi", "language-nodejs"], site);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /language-nodejs: on the machine already, .*\/parts\/pulumi-/);
    assert.deepEqual(await machine.builds(), []);
    const [home = ""] = (await readdir(join(machine.cache, "toolchain"))).filter((name) => name.startsWith("home-"));
    assert.deepEqual((await readdir(join(machine.cache, "toolchain", home, "bin"))).sort(), [
        "pulumi",
        "pulumi-language-nodejs",
    ]);
});

test("refuses a CLI that is not what the published sum says, and keeps nothing of it", async (t) => {
    const machine = await Machine.create(t);
    const { archive } = await cliArchive(machine);
    const site = await downloadSite(t, { [cliSums]: `${"0".repeat(64)}  ${cli}\n`, [`/sdk/${cli}`]: archive });
    const { exitCode, stderr } = await machine.toolchain(["ensure", "pulumi"], site);
    assert.equal(exitCode, 1);
    assert.match(stderr, /toolchain: pulumi-v3\.259\.0-.* is not what it should be/);
    assert.deepEqual(await readdir(join(machine.cache, "toolchain/parts")), []);
    assert.deepEqual(await machine.builds(), []);
});

test("trusts the project's own sum more than the published one", async (t) => {
    const machine = await Machine.create(t);
    const { archive, sum } = await cliArchive(machine);
    await writeFile(join(machine.project, "toolchain/sums.txt"), `${"1".repeat(64)}  ${cli}\n`);
    const site = await downloadSite(t, { [cliSums]: `${sum}  ${cli}\n`, [`/sdk/${cli}`]: archive });
    const { exitCode, stderr } = await machine.toolchain(["ensure", "pulumi"], site);
    assert.equal(exitCode, 1);
    assert.match(stderr, new RegExp(`is not what it should be \\(sha256 ${"1".repeat(64)}\\)`));
});

test("fetches a plugin from the download site, and checks the sum published with its release", async (t) => {
    const machine = await Machine.create(t);
    const { archive, sum } = await pack(machine, ["README.md", "pulumi-resource-random"]);
    const site = await downloadSite(t, {
        [cliSums]: "",
        [pluginSums]: `${sum}  ${plugin}\n`,
        [`/plugins/${plugin}`]: archive,
    });
    const { exitCode, stderr } = await machine.toolchain(["ensure", "random"], site);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(await machine.builds(), []);
    const [part = ""] = await readdir(join(machine.cache, "toolchain/parts"));
    assert.deepEqual(await readdir(join(machine.cache, "toolchain/parts", part)), ["pulumi-resource-random"]);
});

test("refuses a plugin that is not what its sum says, and keeps nothing of it", async (t) => {
    const machine = await Machine.create(t);
    const { archive } = await pack(machine, ["pulumi-resource-random"]);
    const site = await downloadSite(t, {
        [cliSums]: "",
        [pluginSums]: `${"a".repeat(64)}  ${plugin}\n`,
        [`/plugins/${plugin}`]: archive,
    });
    const { exitCode, stderr } = await machine.toolchain(["ensure", "random"], site);
    assert.equal(exitCode, 1);
    assert.match(stderr, /toolchain: pulumi-resource-random-.* is not what it should be/);
    assert.deepEqual(await readdir(join(machine.cache, "toolchain/parts")), []);
});

test("builds a plugin whose archive is not on the download site", async (t) => {
    const machine = await Machine.create(t);
    const site = await downloadSite(t, { [cliSums]: "", [pluginSums]: `${"a".repeat(64)}  ${plugin}\n` });
    const { exitCode, stderr } = await machine.toolchain(["ensure", "random"], site);
    assert.equal(exitCode, 0, stderr);
    assert.equal((await machine.builds()).length, 2);
    const [part = ""] = await readdir(join(machine.cache, "toolchain/parts"));
    assert.deepEqual(await readdir(join(machine.cache, "toolchain/parts", part)), ["pulumi-resource-random"]);
});

test("builds from Go modules what has no published sum", async (t) => {
    const machine = await Machine.create(t);
    const { archive } = await cliArchive(machine);
    const site = await downloadSite(t, { [cliSums]: "", [`/sdk/${cli}`]: archive });
    const { exitCode, stderr } = await machine.toolchain(["ensure", "pulumi"], site);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /no sum is known for pulumi-v3\.259\.0/);
    assert.deepEqual(await machine.builds(), ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"]);
});

test("gives up on a download site that does not answer, once, then builds from Go modules", {
    timeout: 60_000,
}, async (t) => {
    const machine = await Machine.create(t);
    let asked = 0;
    const silent = createServer(() => {
        asked += 1;
    });
    const site = await listening(t, silent);
    const { exitCode, stderr } = await machine.toolchain(["ensure", "pulumi", "random"], site);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /cannot be reached/);
    assert.equal(asked, 1);
    assert.ok((await machine.builds()).includes("github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"));
});
