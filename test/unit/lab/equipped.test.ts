import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";

const files = join(projectFolder, "lab");
const key = (digit: string) => digit.repeat(12);

test("equipped folders of former keys go, and not those that another checkout or a lab works with", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "equipped-"));
    t.after(() => rm(folder, { recursive: true }));
    const equipped = async (digit: string, { noted = true, days = 0 } = {}) => {
        const path = join(folder, "cache/equipped-") + key(digit);
        await mkdir(join(path, "root"), { recursive: true });
        if (noted) await writeFile(join(path, "noted"), "");
        const time = new Date(Date.now() - days * 86_400_000);
        await utimes(path, time, time);
    };
    for (const digit of ["1", "2", "3", "4", "5"]) await equipped(digit);
    await equipped("6", { noted: false });
    await equipped("7", { noted: false, days: 9 });
    await mkdir(join(folder, "cache/equipped-users"), { recursive: true });
    const uses = async (name: string, digit: string, there: boolean) => {
        await writeFile(join(folder, "cache/equipped-users", name), `${key(digit)} ${join(folder, name)}\n`);
        if (there) await mkdir(join(folder, name, "lab"), { recursive: true });
    };
    await uses("another", "2", true);
    await uses("gone", "3", false);
    for (const [place, digit] of [
        ["labs/one", "4"],
        ["elsewhere/two", "5"],
    ] as const) {
        await mkdir(join(folder, place, "hosts/server1"), { recursive: true });
        await writeFile(
            join(folder, place, "hosts/server1/layers"),
            `${folder}/cache/equipped-${key(digit)}/root:/a:/b`,
        );
    }
    await mkdir(join(folder, "machine"));
    await execa("ln", ["-s", join(folder, "elsewhere/two"), join(folder, "machine/7")]);
    const places =
        "cache_folder() { echo $1/cache; }; labs_folder() { echo $1/labs; }; machine_folder() { echo $1/machine; }";
    const script = [
        'top=$1; . "$0/messages.sh"; . "$0/equipped.sh"; say() { :; }',
        places.replaceAll("$1", '"$top"'),
        `equipped_key() { echo ${key("1")}; }; project_folder() { echo "$0/.."; }`,
        "equipped_note_use; equipped_forget",
    ].join("\n");
    await execa("bash", ["-euc", script, files, folder]);
    const left = (await readdir(join(folder, "cache"))).filter((name) => /-\d+$/.test(name)).toSorted();
    assert.deepEqual(
        left,
        ["1", "2", "4", "5", "6"].map((digit) => `equipped-${key(digit)}`),
    );
    assert.equal((await readdir(join(folder, "cache/equipped-users"))).length, 2, "the one that is gone is forgotten");
});
