import assert from "node:assert/strict";
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pretendedMachine } from "./pretendedMachine.ts";

const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

suite("the claim of a server", { skip: process.platform !== "linux" }, () => {
    test("that two stacks make at once succeeds for one of them", async () => {
        const programs = { docker: `[ "$1" != version ] || echo 27.0.0`, ss: "sleep 0.5" };
        await using machine = await pretendedMachine(programs);
        // Nobody has prepared it: what is to run there comes with each payload.
        for (const id of ["first", "second"]) {
            await mkdir(join(machine.root, id));
            await cp(join(machine.root, "server/bin"), join(machine.root, id, "bin"), { recursive: true });
            const values = { id, platform, engine: "distribution" };
            for (const [file, text] of Object.entries(values)) await machine.put(`${id}/${file}`, text);
        }
        await rm(join(machine.root, "server"), { recursive: true });
        await machine.put("machine/etc/os-release", "ID=debian");
        await mkdir(join(machine.root, "machine/var/lib"), { recursive: true });
        await mkdir(join(machine.root, "server/bin"), { recursive: true }); // where they are run from
        const claims = ["first", "second"].map((id) =>
            machine.run(`cd ${machine.root}/${id}; sh bin/claim.sh create "$PWD"`),
        );
        const ended = await Promise.all(claims);
        const texts = ended.map(({ stderr }) => stderr).toSorted();
        assert.deepEqual(ended.map(({ exitCode }) => exitCode).toSorted(), [0, 1], texts.join("\n"));
        assert.match(texts.join("\n"), /this server is prepared by another stack/);
    });
});
