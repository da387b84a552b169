import { resolve } from "node:path";
import { checkout } from "../support/testLab.ts";
import { measureLife } from "./cases/life.ts";
import { measureManyApps } from "./cases/manyApps.ts";
import { measureNoOps } from "./cases/noOps.ts";
import { measureSideBySide } from "./cases/sideBySide.ts";
import { measureUnderLoad } from "./cases/underLoad.ts";
import { newGround } from "./ground.ts";
import { type Case, readOptions } from "./options.ts";
import { say } from "./progress.ts";
import { describeMachine } from "./results/machine.ts";
import { Recorder } from "./results/recorder.ts";

const cases: Readonly<Record<Case, typeof measureLife>> = {
    "no-op": measureNoOps,
    life: measureLife,
    load: measureUnderLoad,
    pairs: measureSideBySide,
    apps: measureManyApps,
};

/** Measures what the environment asks for, on the lab that run.sh has brought up, and writes the page. */
async function main(): Promise<void> {
    const options = readOptions(process.env);
    await using ground = await newGround();
    const date = new Date().toISOString().slice(0, 10);
    const machine = await describeMachine(ground.server);
    const recorder = new Recorder(resolve(checkout, options.output), { date, options, machine });
    for (const one of options.cases) await cases[one](ground, options, recorder);
    await recorder.finish();
    say(`done: ${options.output}`);
}

await main();
