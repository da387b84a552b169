import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";

const files = join(projectFolder, "lab");

/** Runs a script with the lab's functions about control groups, on a folder in their place. */
async function withGroups(folder: string, script: string): Promise<void> {
    const setup = `. "$0/messages.sh"; . "$0/cgroups.sh"; groups=$1; cgroup_hierarchies() { printf '%s unified\\n' "$groups"; }`;
    await execa("bash", ["-euc", `${setup}\n${script}`, files, folder], { stdin: "ignore" });
}

test("a lab whose only host goes, or comes anew, does not lose its number to another machine's lab", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cgroups-"));
    try {
        await withGroups(folder, "cgroup_claim 7; cgroup_remove 7/server1");
        await assert.rejects(withGroups(folder, "cgroup_claim 7"));
        await withGroups(folder, "cgroup_remove 7");
        assert.deepEqual(await readdir(folder), []);
    } finally {
        await rm(folder, { recursive: true });
    }
});
