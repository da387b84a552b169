import assert from "node:assert/strict";
import { until } from "../moving/until.ts";
import type { Ground } from "./ground.ts";
import { Load } from "./load.ts";

/**
 * A release tells that participants wait for a server that is asked more than it can answer, waits itself, and goes on. That nothing is lost
 * while more is asked than can be answered is not claimed; nor is looked at what runs meanwhile, as what is told comes late to a test that
 * asks so much.
 */
export async function waitsForAQuieterMoment({ stack, experiment, site, app }: Ground, served: number): Promise<void> {
    const web = await app.web();
    await experiment.change();
    // A page takes fifteen seconds then, and still six where the machine was busy with something else as it was measured.
    const load = await Load.startGreedy(site, Math.ceil(served * 15));
    const since = stack.progress.length;
    const up = stack.up();
    const waits = () =>
        stack.progress.slice(since).some(({ text }) => text.includes("The release waits for a quieter moment"));
    try {
        await Promise.race([until(async () => waits(), "the release to wait"), up]);
        assert.ok(waits(), "the release has not waited");
    } finally {
        await load.stop();
        await Promise.allSettled([up]);
    }
    await up;
    assert.notEqual(await app.web(), web);
}
