import assert from "node:assert/strict";
import { chmod, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { findEngine } from "../../../components/program/findEngine.ts";

/** A machine whose docker is this text for `sh`; none where it is not given. */
async function machine(t: TestContext, docker?: string) {
    const folder = await mkdtempDisposable(join(tmpdir(), "engine-"));
    const { PATH } = process.env;
    t.after(async () => {
        process.env.PATH = PATH;
        await folder.remove();
    });
    if (docker !== undefined) {
        await writeFile(join(folder.path, "docker"), `#!/bin/sh\n${docker}\n`);
        await chmod(join(folder.path, "docker"), 0o700);
    }
    process.env.PATH = docker === undefined ? folder.path : `${folder.path}:${PATH}`;
}

const answers = (version: string) => `case $1 in
context) echo unix:///home/her/.docker/run/docker.sock ;;
version) [ "$DOCKER_HOST" = unix:///home/her/.docker/run/docker.sock ] && echo "${version}" ;;
esac`;

test("the engine is that of the current context, with its platform", async (t) => {
    await machine(t, answers("linux/arm64 28.1.0"));
    assert.deepEqual(await findEngine({}), {
        address: "unix:///home/her/.docker/run/docker.sock",
        platform: "linux/arm64",
        rootless: false,
    });
});

test("of an engine that runs without root, that is known", async (t) => {
    await machine(
        t,
        "case $1 in version) echo linux/amd64 26.1.5+dfsg1 ;; info) echo '[name=seccomp name=rootless]' ;; esac",
    );
    const engine = await findEngine({ DOCKER_HOST: "unix:///run/user/1000/docker.sock" });
    assert.deepEqual([engine.platform, engine.rootless], ["linux/amd64", true]);
});

test("DOCKER_HOST comes before the context", async (t) => {
    await machine(t, 'echo "linux/amd64 27.0.0"');
    assert.equal((await findEngine({ DOCKER_HOST: "unix:///run/other.sock" })).address, "unix:///run/other.sock");
});

const REFUSED = [
    ["no docker command", undefined, {}, /there is no docker command here/],
    [
        "an engine elsewhere",
        "",
        { DOCKER_HOST: "tcp://10.0.0.1:2375" },
        /an engine elsewhere, tcp:\/\/10\.0\.0\.1:2375/,
    ],
    [
        "an engine that does not answer",
        "exit 1",
        { DOCKER_HOST: "unix:///run/none.sock" },
        /does not answer: start Docker/,
    ],
    ["an old engine", answers("linux/amd64 20.10.24"), {}, /Docker Engine 20\.10\.24 is here, and 25 or newer/],
    [
        "an engine that does not say how it runs",
        'if [ "$1" = info ]; then exit 1; fi; echo linux/amd64 28.0.0',
        { DOCKER_HOST: "unix:///run/none.sock" },
        /does not answer: start Docker/,
    ],
    ["Podman", answers("linux/amd64 5.4.2\nPodman Engine\nEngine"), {}, /Podman 5\.4\.2 is here.*take Docker Engine/],
    ["another platform", answers("windows/amd64 28.0.0"), {}, /containers of windows\/amd64 here/],
] as const;

for (const [what, docker, environment, message] of REFUSED) {
    test(`${what} is refused in one line`, async (t) => {
        await machine(t, docker);
        await assert.rejects(findEngine(environment), (error: Error) => {
            assert.match(error.message, message);
            assert.match(error.message, /^the experiment cannot run on this machine: [^\n]+$/);
            return true;
        });
    });
}
