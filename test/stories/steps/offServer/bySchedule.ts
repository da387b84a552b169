import assert from "node:assert/strict";
import { basename } from "node:path";
import { within } from "../../../support/within.ts";
import { scheduledOn, unit } from "../backups/scheduled.ts";
import type { Ground } from "../moving/ground.ts";
import { inRepository } from "./inStore.ts";

/** What the schedule saves goes there by a unit of its own, of which nothing is left. @returns the backup's path. */
export async function sendsScheduled({ stack, operator, from }: Ground): Promise<string> {
    await stack.configure({ "experiment.backup.schedule": "weekly", "experiment.backup.keep": "2" });
    await stack.up();
    assert.deepEqual(await scheduledOn(from.server), []);
    await from.server.run("systemctl", "start", `${unit}.service`);
    const [made = "", ...others] = await scheduledOn(from.server);
    assert.deepEqual([made === "", others], [false, []]);
    await within(120, async () => (await inRepository({ operator })).includes(made));
    const said = await from.server.shell(`journalctl --unit ${unit}-send --output cat`);
    assert.match(said, new RegExp(`^sending ${basename(made)} to the repository, `, "m"));
    const units = `systemctl list-units --all --plain --no-legend '${unit}-send.*'`;
    await within(30, async () => (await from.server.shell(units)).trim() === "");
    return made;
}
