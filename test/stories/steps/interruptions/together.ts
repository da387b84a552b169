import assert from "node:assert/strict";
import { dallinger } from "../../../support/projectCommand.ts";
import type { Ground, SharedGround } from "../releases/ground.ts";
import { pulumi } from "./command.ts";
import { evidenceOf } from "./evidence.ts";
import { copyStack } from "./secondOperator.ts";

/** Two stacks that deploy to one server at once both succeed: one waits for the other there. */
export async function bothSucceed(ground: SharedGround): Promise<void> {
    const { operator, experiment, other, site } = ground;
    await experiment.change();
    const ended = await Promise.all(["recall", "other"].map((stack) => pulumi(operator, stack, "up")));
    for (const { succeeded, printed } of ended) assert.ok(succeeded, printed);
    for (const stack of ["recall", "other"]) {
        const check = await dallinger(operator, stack, "check");
        if (check.exitCode !== 0) {
            // The server is gone when somebody reads of it.
            console.error(await evidenceOf(ground.server, stack));
            console.error(await operator.stack(stack).command(["stack", "export"]));
            for (const { printed } of ended) console.error(printed);
        }
        assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
    }
    for (const each of [site, other.site]) assert.equal((await each.get("/summary")).status, 200);
}

/** Two operators with one stack: the second is told that the first is at work, and nothing is done twice. */
export async function oneAtATime(ground: Ground): Promise<void> {
    const { operator, experiment, app } = ground;
    await experiment.change();
    await using colleague = await copyStack(ground);
    const first = pulumi(operator, "recall", "up");
    await app.atLeastWebs(2);
    const second = await pulumi(colleague, "recall", "up");
    assert.ok(!second.succeeded);
    assert.match(second.printed, /the stack is currently locked by 1 lock/);
    assert.ok((await first).succeeded);
    const third = await pulumi(colleague, "recall", "up");
    assert.ok(third.succeeded, third.printed);
    assert.match(third.printed, /\d+ unchanged/);
    assert.doesNotMatch(third.printed, /updated|created|replaced/);
}
