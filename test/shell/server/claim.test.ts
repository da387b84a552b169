import assert from "node:assert/strict";
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pretendedMachine } from "./pretendedMachine.ts";

const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

/** A machine that nobody has prepared: what is to run there comes with each of the payloads. */
async function unprepared(programs: Readonly<Record<string, string>>, payloads: readonly string[]) {
    const machine = await pretendedMachine(programs);
    for (const id of payloads) {
        await mkdir(join(machine.root, id));
        await cp(join(machine.root, "server/bin"), join(machine.root, id, "bin"), { recursive: true });
        const values = { id, platform, engine: "distribution" };
        for (const [file, text] of Object.entries(values)) await machine.put(`${id}/${file}`, text);
    }
    await rm(join(machine.root, "server"), { recursive: true });
    await machine.put("machine/etc/os-release", "ID=debian");
    await mkdir(join(machine.root, "machine/var/lib"), { recursive: true });
    await mkdir(join(machine.root, "server/bin"), { recursive: true }); // where they are run from
    const claim = (id: string) => machine.run(`cd ${machine.root}/${id}; sh bin/claim.sh create "$PWD"`);
    return { ...machine, claim };
}

suite("the claim of a server", { skip: process.platform !== "linux" }, () => {
    test("that two stacks make at once succeeds for one of them", async () => {
        const programs = { docker: `[ "$1" != version ] || echo 27.0.0`, ss: "sleep 0.5" };
        await using machine = await unprepared(programs, ["first", "second"]);
        const claims = ["first", "second"].map(machine.claim);
        const ended = await Promise.all(claims);
        const texts = ended.map(({ stderr }) => stderr).toSorted();
        assert.deepEqual(ended.map(({ exitCode }) => exitCode).toSorted(), [0, 1], texts.join("\n"));
        assert.match(texts.join("\n"), /this server is prepared by another stack/);
    });

    test("sets up what a run that was killed has unpacked before it asks the engine, which does not answer until then", async () => {
        const docker = `[ "$1" = compose ] && echo 2.30.0; [ "$1" != version ] || [ ! -e "$MACHINE/ready" ] || echo 27.0.0`;
        await using machine = await unprepared({ docker, ss: "", dpkg: `: >"$MACHINE/ready"` }, ["first"]);
        await machine.put("server/id", "first");
        const refused = await machine.claim("first");
        assert.match(refused.stderr, /its engine does not answer/, "one that nobody here has begun to install");
        await machine.put("server/packages.planned", "docker.io\ndocker-compose\n");
        const { exitCode, stderr } = await machine.claim("first");
        assert.deepEqual([exitCode, stderr], [0, "the server is claimed for this stack"]);
        assert.ok((await machine.calls()).includes("dpkg --configure -a"));
    });
});
