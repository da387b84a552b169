import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import type { Operator } from "../../../support/operator.ts";
import { Orphans } from "../interruptions/orphans.ts";

/** `up` of a stack, killed with SIGKILL as soon as the app's claim is done. Disposing the result ends what it had started. */
export async function killedAfterClaim(operator: Operator, stack: string): Promise<Orphans> {
    await using events = await mkdtempDisposable(join(tmpdir(), "e2e-events-"));
    const log = join(events.path, "log");
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", stack, "--event-log", log];
    const env = { ...operator.stack(stack).environment, PULUMI_DEBUG_COMMANDS: "true" };
    const up = execa(join(operator.folder, "pulumi"), args, {
        cwd: operator.folder,
        env,
        stdin: "ignore",
        all: true,
        reject: false,
    });
    let ended: string | undefined;
    up.then(({ all }) => {
        ended = all;
    });
    while (!hasClaimed(await readFile(log, "utf8").catch(() => ""))) {
        if (ended !== undefined) throw new Error(`it ended before it could be killed:\n${ended}`);
        await setTimeout(20);
    }
    const orphans = await Orphans.of(up);
    await up;
    return orphans;
}

/** The engine tells of a resource's outputs once its operation is over. */
function hasClaimed(log: string): boolean {
    return log.split("\n").some((line) => line.includes('"resOutputsEvent"') && line.includes('::experiment-claim"'));
}
