import { join } from "node:path";
import { execa } from "execa";
import type { Operator } from "./operator.ts";

/** Runs `./ops/dallinger ARGUMENT…` in an operator's checkout. */
export async function dallinger(operator: Operator, stack: string, ...args: string[]) {
    const { folder } = operator;
    const env = { ...operator.stack(stack).environment };
    const command = join(folder, "ops/dallinger");
    const { exitCode, stdout, stderr } = await execa(command, [...args, "--stack", stack], {
        cwd: folder,
        env,
        reject: false,
    });
    return { exitCode, stdout, stderr };
}
