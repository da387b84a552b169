import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { layoutVersion } from "../../../components/targets/server/serverNames.ts";
import { placeScripts, serverFolder } from "../serverScripts.ts";

/** What the claim of a server says to one that is laid out in this version. */
async function refusal(version: number): Promise<string> {
    await using server = await serverFolder(version);
    const bin = join(server.root, "bin");
    await placeScripts(server.root, bin, "shared/messages.sh", "shared/server.sh", "server/refusals.sh");
    await mkdir(join(server.root, "server"), { recursive: true });
    await writeFile(join(server.root, "server/id"), "the-id\n");
    const text = [
        ...["messages", "server", "refusals"].map((name) => `. "$1/${name}.sh"`),
        "refuse_other_server update the-id",
    ];
    const { stderr } = await execa("sh", ["-euc", text.join("\n"), "sh", bin], { reject: false });
    return stderr;
}

suite("a server's layout", { skip: process.platform !== "linux" }, () => {
    test("of this version and of an earlier one is brought up to this one", async () => {
        for (let version = 1; version <= layoutVersion; version++) assert.equal(await refusal(version), "");
    });

    test("of a later version is refused", async () => {
        assert.match(await refusal(layoutVersion + 1), /use the release of this program that prepared it$/);
    });
});
