import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlatform, readUsers } from "../../../components/program/engineAnswers.ts";

test("Docker Engine is taken, with root and without", () => {
    const components = ["Engine", "containerd", "runc", "docker-init"];
    for (const more of [[], ["rootlesskit", "slirp4netns"]]) {
        const answer = ["linux/amd64 26.1.5+dfsg1", ...components, ...more].join("\n");
        assert.deepEqual(readPlatform(answer), { platform: "linux/amd64" });
    }
});

test("Podman is refused by its name, whatever version of Docker it stands for", () => {
    for (const version of ["5.4.2", "28.0.0"]) {
        const read = readPlatform(`linux/amd64 ${version}\nPodman Engine\nConmon\nOCI Runtime (crun)\nEngine\n`);
        assert.match(
            "refused" in read ? read.refused : "",
            /^Podman [^\n]+: take Docker Engine, which runs without root/,
        );
    }
});

test("an engine runs without root where its security options say so", () => {
    assert.deepEqual(readUsers("[name=seccomp,profile=builtin name=rootless]"), { rootless: true });
    for (const answer of ["[name=apparmor name=seccomp,profile=builtin name=cgroupns]", ""])
        assert.deepEqual(readUsers(answer), { rootless: false });
});

test("an engine that has other users in its containers is refused: they cannot read the secrets' files", () => {
    const read = readUsers("[name=seccomp,profile=builtin name=userns]");
    assert.match("refused" in read ? read.refused : "", /userns-remap/);
});
