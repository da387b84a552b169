import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyProject } from "../../support/testProject.ts";
import type { TestStack } from "../../support/testStack.ts";
import type { Ground } from "../ground.ts";
import { delayed } from "../network/delayed.ts";
import type { Options } from "../options.ts";
import { say } from "../progress.ts";
import type { Actor } from "../results/measurements.ts";
import type { Recorder } from "../results/recorder.ts";
import { unattended } from "../ways/byProgram.ts";
import { does } from "../ways/way.ts";
import { cost, seconds } from "./measure.ts";
import { countResources, emptyProgram, trivialProgram } from "./programs.ts";

/** An `up` that finds nothing to do, beside one of a program with the same imports and as many resources, and of an empty one. */
export async function measureNoOps(ground: Ground, { runs, roundTrips }: Options, recorder: Recorder): Promise<void> {
    const { server, program, operator } = ground;
    say("nothing has changed: an app, and the programs to compare with");
    await does(program, "first");
    const index = await readFile(join(operator.folder, "index.ts"), "utf8");
    const counts = countResources(await program.stack.stack.exportStack());
    await using imports = await otherProgram(ground, "imports", trivialProgram(index, counts));
    await using empty = await otherProgram(ground, "empty", emptyProgram);
    const programs = [{ actor: "program", stack: program.stack } as const, imports, empty];
    for (const added of roundTrips) {
        await delayed([server], added, recorder, async () => {
            for (let run = 0; run < runs; run++) {
                for (const { actor, stack } of [...programs.slice(run % 3), ...programs.slice(0, run % 3)]) {
                    const up = () => changesNothing(stack);
                    const taken = actor === "program" ? await cost(server, up) : { seconds: await seconds(up) };
                    await recorder.timing({ operation: "no-op", actor, added, apps: 1, ...taken });
                }
            }
        });
    }
    await does(program, "destroy");
}

/** Another program in a copy of the project, up as a stack of its own. Disposing it removes the copy. */
async function otherProgram(
    ground: Ground,
    actor: Actor,
    text: string,
): Promise<{ actor: Actor; stack: TestStack } & AsyncDisposable> {
    const project = await copyProject();
    await writeFile(join(project.folder, "index.ts"), text);
    const stack = await ground.stackIn(project.folder, actor);
    await stack.up();
    return { actor, stack, [Symbol.asyncDispose]: () => project[Symbol.asyncDispose]() };
}

async function changesNothing(stack: TestStack): Promise<void> {
    const printed = await stack.command(["up", ...unattended]);
    if (/\d+ (created|updated|replaced|deleted)/.test(printed) || !/\d+ unchanged/.test(printed)) {
        throw new Error(`an \`up\` was to change nothing:\n${printed}`);
    }
}
