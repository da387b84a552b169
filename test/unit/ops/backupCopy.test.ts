import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { checkCopy } from "../../../ops/backupCopy.ts";
import { writeBackup } from "../../shell/serverScripts.ts";

/** A copy of three files, one with a name that has two spaces in it. */
async function copy() {
    const folder = await mkdtemp(join(tmpdir(), "copy-"));
    await writeBackup(folder, { "database.dump": "dump", "odd  name.csv": "a,b\n", empty: "" });
    return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

suite("a backup's copy", () => {
    test("is right when every file is what its checksum says, and has a size", async () => {
        await using backup = await copy();
        assert.deepEqual(await checkCopy(backup.folder), { size: 8 });
    });

    for (const file of ["database.dump", "odd  name.csv", "empty"]) {
        test(`is not when ${file} is another`, async () => {
            await using backup = await copy();
            await writeFile(join(backup.folder, file), "another");
            assert.equal((await checkCopy(backup.folder)).problem, `./${file} is not what its checksum says`);
        });

        test(`is not without ${file}`, async () => {
            await using backup = await copy();
            await rm(join(backup.folder, file));
            assert.equal((await checkCopy(backup.folder)).problem, `./${file} is missing`);
        });
    }

    test("is not without its checksums", async () => {
        await using backup = await copy();
        await rm(join(backup.folder, "SHA256SUMS"));
        assert.equal((await checkCopy(backup.folder)).problem, "SHA256SUMS is missing or empty");
        await writeFile(join(backup.folder, "SHA256SUMS"), "");
        assert.equal((await checkCopy(backup.folder)).problem, "SHA256SUMS is missing or empty");
    });
});
