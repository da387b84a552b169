import assert from "node:assert/strict";
import { readDiagnostics } from "../../../support/diagnostics.ts";
import type { Ground } from "./ground.ts";
import { Load } from "./load.ts";
import { brokenImages } from "./variants.ts";

/** An image that does not work never takes over: the one before goes on serving, and `up` says why. */
export async function neverTakesOver({ stack, experiment, site, app }: Ground, title: string): Promise<void> {
    const before = { containers: await app.containers(), web: await app.web() };
    await experiment.write(brokenImages[title] ?? assert.fail(title));
    await stack.configure({ "experiment.releases.healthyWithin": "45" });
    await using load = await Load.start(site, 10);
    const error = await stack.refusal(() => stack.up());
    assert.deepEqual((await load.stop()).lost, []);
    const [text = "", ...others] = readDiagnostics(stack.printed.slice(stack.printed.lastIndexOf("Diagnostics:")));
    assert.deepEqual(others, [], error);
    assert.match(text, /The previous release goes on serving; once that is put right, run `\.\/pulumi up` again$/);
    assert.match(text, /--- last lines of web\n/);
    assert.match(text, /--- disk and memory\n/);
    assert.deepEqual({ containers: await app.containers(), web: await app.web() }, before);
}

/** The right code again: there is nothing to bring up, because it never went. */
export async function goesOn({ stack, experiment, site, app }: Ground): Promise<void> {
    const web = await app.web();
    await experiment.change();
    await stack.up();
    assert.notEqual(await app.web(), web);
    assert.equal((await site.get("/summary")).status, 200);
}
