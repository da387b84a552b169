import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { changes, type EmptyMachine } from "../../lab/emptyMachine.ts";
import { describeLab, lab, openLabsFolder } from "../../lab/labCommand.ts";
import { type LabsOnEmptyMachine, openLabsOnEmptyMachine } from "../../lab/labsOnEmptyMachine.ts";

let labs: LabsOnEmptyMachine;
let machine: EmptyMachine;

before(async () => {
    labs = await openLabsOnEmptyMachine();
    machine = labs.machine;
});

beforeEach(() => labs.clear());

after(() => labs[Symbol.asyncDispose]());

/** What of its network's address is a lab's own. */
async function numberOf(path: string, name: string): Promise<string> {
    return (await describeLab(path, name)).servers[0]?.address.split(".")[2] ?? "";
}

/** Brings the lab `three` up on this machine, which shares its kernel with the empty one. */
async function upOutside(path: string): Promise<void> {
    const { exitCode, stderr } = await lab(path, ["up", "three"]);
    assert.equal(exitCode, 0, stderr);
}

test("labs of machines that share a kernel never get the same number", async () => {
    await using outside = await openLabsFolder("three");
    await Promise.all([machine.lab("up", "one"), machine.lab("up", "two"), upOutside(outside.path)]);
    const numbers = [
        await numberOf(labs.path, "one"),
        await numberOf(labs.path, "two"),
        await numberOf(outside.path, "three"),
    ];
    assert.equal(new Set(numbers).size, 3, numbers.join());
    await machine.lab("down", "two");
    assert.equal((await lab(outside.path, ["exec", "three", "server1", "true"])).exitCode, 0);
    await machine.lab("down", "one");
});

test("an up that was interrupted while it took a number does not end another machine's lab", async () => {
    await using outside = await openLabsFolder("three");
    await upOutside(outside.path);
    const number = await numberOf(outside.path, "three");
    const answer = async () => (await lab(outside.path, ["exec", "three", "server1", "echo", "runs"])).stdout;
    // The link is made before the control group says whose the number is.
    const interrupted = 'mkdir -p "$LABS/one" /run/dallinger-lab; ln -s "$LABS/one" "/run/dallinger-lab/$0"';
    for (const command of ["down", "up"]) {
        await machine.run("bash", "-euc", interrupted, number);
        await machine.lab(command, "one");
        assert.equal(await answer(), "runs", `after ${command}`);
    }
    assert.notEqual(await numberOf(labs.path, "one"), number);
    await machine.lab("down", "one");
    assert.equal(await answer(), "runs");
});

test("an interrupted up leaves nothing once the lab is taken down", async () => {
    const traces = await machine.traces();
    for (const milliseconds of [100, 300, 600, 1000, 1500, 2500]) {
        await labs.interruptUp(milliseconds);
        await machine.lab("down", "one");
        assert.deepEqual(changes(traces, await machine.traces()), [], `killed after ${milliseconds} ms`);
        assert.equal(await labs.processes(), "", `killed after ${milliseconds} ms`);
    }
});

test("an interrupted up can be repeated", async () => {
    for (const milliseconds of [200, 800, 1500, 2500]) await labs.interruptUp(milliseconds);
    await machine.lab("up", "one");
    await machine.lab("exec", "one", "server1", "true");
    await machine.lab("down", "one");
});
