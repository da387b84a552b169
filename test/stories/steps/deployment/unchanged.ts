import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { countConnections } from "../../../support/connections.ts";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import type { TestStack } from "../../../support/testStack.ts";
import { appStack, type Ground, serverStack } from "./ground.ts";

/** Preview and `up` of both stacks find nothing to do, and no one has asked the server. */
export async function changesNothing({ server }: Ground, operator: Operator): Promise<void> {
    const stacks = [operator.stack(serverStack), operator.stack(appStack)];
    const connections = await countConnections(server, () => Promise.all(stacks.map(findsNothingToDo)));
    assert.equal(connections, 0);
}

async function findsNothingToDo(stack: TestStack): Promise<void> {
    const { changeSummary } = await stack.preview();
    assert.deepEqual([Object.keys(changeSummary), stack.changed], [["same"], []]);
    await stack.up();
    assert.deepEqual(stack.changed, []);
}

/** Somebody else with the same configuration: another checkout elsewhere, and a key of their own that the server lets in. */
export async function newColleague({ server, backend, operator }: Ground): Promise<Operator> {
    const folder = await mkdtemp(join(tmpdir(), "colleague-"));
    try {
        const key = join(folder, "key");
        await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "a colleague", "-f", key]);
        const line = (await readFile(`${key}.pub`, "utf8")).trim();
        await server.run("sh", "-c", 'printf "%s\\n" "$1" >>/home/debian/.ssh/authorized_keys', "sh", line);
        return await operatorWith({ key, backend, stacks: [serverStack, appStack], colleague: operator });
    } finally {
        await rm(folder, { recursive: true });
    }
}
