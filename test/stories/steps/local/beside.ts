import assert from "node:assert/strict";
import { LocalSite } from "../../../support/localSite.ts";
import { takePart } from "../../../support/participant.ts";
import { exampleConfiguration } from "../../../support/testStack.ts";
import type { Step } from "../deployment/steps.ts";
import type { Laptop } from "./laptop.ts";

/** Two more of the same experiment, from the same folder: one on this machine, one on a server of the lab. */
export async function runBeside(step: Step, laptop: Laptop, site: LocalSite): Promise<void> {
    await step("another one runs beside it, and one on a server, from the same folder", async () => {
        const other = await laptop.another("other", laptop.configuration("other"));
        const { lab } = laptop;
        const server = lab.servers.find(({ name }) => name === process.env.DALLINGER_E2E_SERVER);
        assert.ok(server, "the story's server");
        const onServer = await laptop.another("on-server", {
            ...exampleConfiguration(lab, server),
            "server.discardBackups": "true",
            "experiment.image.delivery": "ssh",
            "experiment.checkFromHere": "false",
        });
        await Promise.all([other.up(), onServer.up()]);
        const url = await other.output("url");
        assert.notEqual(url, await laptop.stack.output("url"));
        const { body: before } = await site.get("/summary");
        await takePart(new LocalSite(url), "W1", (shown) => shown.join(" "));
        assert.equal((await site.get("/summary")).body, before, "they share nothing");
        assert.match(await onServer.output("recruitment"), /https:\/\/recall\./);
        const built = await onServer.output("image");
        await Promise.all([other.destroy(), onServer.destroy()]);
        // What is sent to a server stays here: the next time only what has changed is built.
        await laptop.docker("image", "rm", built);
        assert.equal((await site.get("/summary")).status, 200);
        assert.equal((await laptop.docker("ps", "-aq", "--filter", "label=dallinger.app=other")).trim(), "");
    });
}
