import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { type EmptyMachine, openEmptyMachine } from "./emptyMachine.ts";
import { lab, openLabsFolder } from "./labCommand.ts";

/** An empty machine for the labs `one` and `two`. Disposing it takes them down. */
export interface LabsOnEmptyMachine extends AsyncDisposable {
    readonly machine: EmptyMachine;
    /** The folder of its labs. */
    readonly path: string;
    /** Takes both labs down, whatever there is of them. */
    clear(): Promise<void>;
    /** The command lines of processes that are, or were, about these labs. */
    processes(): Promise<string>;
    /** Kills `up` of the lab `one` after some milliseconds, with all that it has started; fails when it was over by then. */
    interruptUp(milliseconds: number): Promise<void>;
}

/** Opens such a machine, once all that labs are made of is in the cache: it has no way to a package archive. */
export async function openLabsOnEmptyMachine(): Promise<LabsOnEmptyMachine> {
    await makeLayers();
    await using made = new AsyncDisposableStack();
    const { path } = made.use(await openLabsFolder());
    const machine = made.use(await openEmptyMachine(path));
    const clear = async () => {
        for (const name of ["one", "two"]) await machine.lab("down", name);
    };
    made.defer(clear);
    const kept = made.move();
    return {
        machine,
        path,
        clear,
        async processes() {
            const listing = `ps -eo stat,args | grep -F "$LABS" | grep -v grep || true`;
            return String((await machine.run("bash", "-c", listing)).stdout);
        },
        interruptUp: (milliseconds) => interruptUp(machine, milliseconds),
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}

async function makeLayers(): Promise<void> {
    await using warm = await openLabsFolder("warm");
    const { exitCode, stderr } = await lab(warm.path, ["up", "warm"]);
    assert.equal(exitCode, 0, stderr);
}

async function interruptUp(machine: EmptyMachine, milliseconds: number): Promise<void> {
    const up = machine.lab("up", "one");
    const ended = up.then(
        () => true,
        () => false,
    );
    await setTimeout(milliseconds);
    assert.ok(up.pid !== undefined);
    // The whole process group, as a terminal or a shutdown does it.
    process.kill(-up.pid, "SIGKILL");
    assert.equal(await ended, false, "up was over before it could be interrupted");
}
