/** The story of test/stories/long/local.test.ts, played at the laptop. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { LocalSite } from "../../../support/localSite.ts";
import { takePart } from "../../../support/participant.ts";
import { within } from "../../../support/within.ts";
import { stepsOf } from "../deployment/steps.ts";
import { runBeside } from "./beside.ts";
import { chooseAlike } from "./choosing.ts";
import { atLaptop } from "./laptop.ts";
import { savedParticipants } from "./savedParticipants.ts";

test("an experiment on one's own machine goes on beside others, and whatever is done to its containers", async (t) => {
    const step = stepsOf(t);
    await using laptop = await atLaptop("careless");
    const { stack, docker } = laptop;
    const before = await laptop.listing();
    await stack.up();
    const { url, composeFile } = Object(await stack.outputs());
    const site = new LocalSite(url);
    await takePart(site, "W1", (shown) => shown.join(" "));

    await step("what an edit brings in is what the image would have, in folders of all kinds", async () => {
        const first = Date.now() % 1e6;
        const seeds = Array.from({ length: 30 }, (_, index) => first + index);
        await chooseAlike(laptop, composeFile, 60, seeds);
    });

    await runBeside(step, laptop, site);

    await step("what `docker compose up` has made anew is no trap", async () => {
        await docker("compose", "-f", composeFile, "up", "-d", "--force-recreate");
        await stack.stack.up({ refresh: true });
        await takePart(site, "W2", (shown) => shown.join(" "));
    });

    await step(
        "an `up` whose state does not know a container that is there, as after a kill, is not stuck on its name",
        async () => {
            const { deployment } = await stack.stack.exportStack();
            const urns = (deployment.resources as { urn: string }[]).map(({ urn }) => urn);
            const worker = urns.find((urn) => urn.endsWith("::experiment-worker-1")) ?? "";
            await stack.command(["state", "delete", "--yes", "--target-dependents", worker]);
            await docker("compose", "-f", composeFile, "up", "-d", "--force-recreate", "--no-deps", "worker");
            await stack.up();
            assert.match(await docker("compose", "-f", composeFile, "ps", "worker"), /Up/);
        },
    );

    await step("an experiment that cannot start is told with its traceback, before long, and is mended", async () => {
        const file = join(laptop.folder, "examples/recall/experiment.py");
        const code = await readFile(file, "utf8");
        await writeFile(file, `${code}\nWORDS = (\n`);
        const began = Date.now();
        const said = await stack.refusal(() => stack.up());
        // Whichever of them has ended often enough first.
        assert.match(
            said.slice(said.indexOf("Diagnostics:")),
            /-(web|worker|clock)-1 ends again and again; its last lines:.*SyntaxError/s,
        );
        assert.ok(Date.now() - began < 100_000, "not only after three minutes");
        await writeFile(file, code);
        await stack.up();
        assert.match((await site.get("/summary")).body, /"approved",\s*2/);
    });

    await step("data is not removed unsaved: neither by another name nor where the containers are gone", async () => {
        await stack.configure({ "experiment.name": "renamed" });
        await stack.up();
        assert.match((await site.get("/summary")).body, /"approved",\s*2/);
        await docker("compose", "-f", composeFile, "down");
        assert.match(await stack.refusal(() => stack.destroy()), /the database is there and its container is not/);
        await stack.stack.up({ refresh: true });
        assert.match((await site.get("/summary")).body, /"approved",\s*2/);
    });

    await step(
        "with `fresh` it begins once more, its data saved, and bots take part in a browser beside it",
        async () => {
            const bots = { "settings.recruiter": "bots", "settings.recall_participants": "2" };
            await stack.configure({ ...bots, "experiment.local.fresh": "with bots" });
            assert.match(await stack.refusal(() => stack.up()), /settings\.recruiter: bots need a browser/);
            await stack.configure({ "experiment.local.images.browser": laptop.browser });
            await stack.up();
            assert.match(await stack.output("recruitment"), /Bot recruitment started using Bot/);
            await within(120, async () => /"approved",\s*2/.test((await site.get("/summary")).body));
            assert.equal(await savedParticipants(laptop, 0), 2);
        },
    );

    await step("`destroy` saves the data and leaves nothing", async () => {
        await stack.destroy();
        assert.equal(await savedParticipants(laptop, 1), 2);
        assert.deepEqual(await laptop.listing(), before);
    });
});
