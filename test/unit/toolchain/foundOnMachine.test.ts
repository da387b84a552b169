import assert from "node:assert/strict";
import { test } from "node:test";
import { Machine } from "./machine.ts";

/** A docker of a version, with plugins of versions. */
function docker(version: string, plugins: Record<string, string> = {}): string {
    const cases = Object.entries(plugins).map(([name, text]) => `"${name} version") echo "${text}" ;;`);
    return [
        "#!/bin/sh",
        `case "$*" in --version) echo "Docker version ${version}, build abc" ;;`,
        ...cases,
        `info*) echo /usr/libexec/docker/cli-plugins/some ;; *) exit 1 ;; esac`,
    ].join("\n");
}

test("uses the machine's own docker, buildx and compose when they are recent", async (t) => {
    const machine = await Machine.create(t);
    const plugins = { buildx: "github.com/docker/buildx v0.13.1 abc", compose: "Docker Compose version 2.26.1-4" };
    await machine.install("docker", docker("26.1.5+dfsg1", plugins));
    const { stderr } = await machine.toolchain(["ensure", "docker-cli", "buildx", "compose"]);
    assert.match(stderr, /docker-cli: on the machine already, .*\/bin\/docker/);
    assert.match(stderr, /buildx: on the machine already/);
    assert.match(stderr, /compose: on the machine already/);
    assert.deepEqual(await machine.builds(), []);
    const { stdout } = await machine.toolchain(["env"]);
    assert.doesNotMatch(stdout, /DOCKER_CONFIG/);
});

test("makes only the plugins when docker is recent and has none", async (t) => {
    const machine = await Machine.create(t);
    await machine.install("docker", docker("28.2.2"));
    const { stderr } = await machine.toolchain(["ensure", "docker-cli", "buildx", "compose"]);
    assert.match(stderr, /docker-cli: on the machine already/);
    assert.match(stderr, /buildx [\d.]+: done/);
    assert.match(stderr, /compose [\d.]+: done/);
});

test("goes back to the machine's own docker when it gets one", async (t) => {
    const machine = await Machine.create(t);
    await machine.toolchain(["ensure", "docker-cli"]);
    assert.match((await machine.toolchain(["env"])).stdout, /^export PATH='[^:]*\/docker:/);
    await machine.install("docker", docker("26.1.5+dfsg1"));
    const { stderr } = await machine.toolchain(["ensure", "docker-cli"]);
    assert.match(stderr, /docker-cli: on the machine already/);
    assert.doesNotMatch((await machine.toolchain(["env"])).stdout, /\/docker:/);
    assert.equal((await machine.toolchain(["path", "docker-cli"])).stdout, `${machine.folder}/bin/docker`);
});

for (const [what, script] of [
    ["a docker that is too old", docker("20.10.24+dfsg1")],
    ["podman under docker's name", "#!/bin/sh\necho podman version 24.0.0\n"],
] as const) {
    test(`does not take ${what}`, async (t) => {
        const machine = await Machine.create(t);
        await machine.install("docker", script);
        const { stderr } = await machine.toolchain(["ensure", "docker-cli"]);
        assert.match(stderr, /docker-cli [\d.]+: done/);
    });
}

for (const [version, taken] of [
    ["v20.20.2", false],
    ["v24.0.0", true],
    ["v26.10.0", true],
] as const) {
    test(`${taken ? "takes" : "does not take"} the machine's own Node ${version}`, async (t) => {
        const machine = await Machine.create(t);
        await machine.install("node", `#!/bin/sh\necho ${version}\n`);
        const { stderr } = await machine.toolchain(["ensure", "node"]);
        assert.match(stderr, taken ? /node: on the machine already/ : /node [\d.]+: done/);
    });
}

test("does not take a pulumi on PATH that is a script, which may be this project's wrapper", async (t) => {
    const machine = await Machine.create(t);
    await machine.install("pulumi", "#!/bin/sh\necho v3.999.0\n");
    const { stderr } = await machine.toolchain(["ensure", "pulumi"]);
    assert.match(stderr, /pulumi [\d.]+: done/);
});
