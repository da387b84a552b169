import assert from "node:assert/strict";
import { execa } from "execa";
import { checkout } from "../../../support/testLab.ts";
import type { Finding, SecretSearch } from "./secretSearch.ts";

/**
 * Searches all that the engine of a lab keeps, its build cache included. Not by `grep -r`, which gives up all folders that are left
 * when the mount that it is in goes away: so it does whenever a step of another test's build ends. What such a step has mounted is
 * on another file system and left out here; the folders that the mount is made from are not.
 */
export async function searchEngineStorage(search: SecretSearch, lab: string): Promise<Finding[]> {
    const tar = ["tar", "--create", "--one-file-system", "--file=-", "--directory=/var/lib/docker", "."];
    const archive = execa("lab/lab", ["exec", lab, "workshop", ...tar], {
        cwd: checkout,
        buffer: { stdout: false },
        reject: false,
    });
    const findings = await search.stream("the engine's storage", archive.stdout);
    const { exitCode, stderr } = await archive;
    // 1 and 2: some files were gone, or others, when their turn came; tar says so when it goes no further.
    assert.ok(exitCode !== undefined && exitCode <= 2 && !/not recoverable/.test(stderr), `tar: ${exitCode} ${stderr}`);
    return findings;
}
