import assert from "node:assert/strict";
import { LocalSite } from "../../../support/localSite.ts";
import { takePart } from "../../../support/participant.ts";
import { exampleConfiguration } from "../../../support/testStack.ts";
import type { Step } from "../deployment/steps.ts";
import type { Laptop } from "./laptop.ts";

/** Three more of the same experiment, from the same folder: on this machine, on a server of the lab, and here of an image built before. */
export async function runBeside(step: Step, laptop: Laptop, site: LocalSite): Promise<void> {
    await step("others run beside it, one on a server and one of a referred image, from the same folder", async () => {
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
        const { "experiment.image.base": _, ...referring } = laptop.configuration("referred");
        const reference = await publish(laptop, `${lab.registry.address}/recall:published`);
        const referred = await laptop.another("referred", { ...referring, "experiment.image.reference": reference });
        await Promise.all([other.up(), onServer.up(), referred.up()]);
        const url = await other.output("url");
        assert.notEqual(url, await laptop.stack.output("url"));
        const { body: before } = await site.get("/summary");
        await takePart(new LocalSite(url), "W1", (shown) => shown.join(" "));
        assert.equal((await site.get("/summary")).body, before, "they share nothing");
        assert.match(await onServer.output("recruitment"), /https:\/\/recall\./);
        const built = await onServer.output("image");
        await takePart(new LocalSite(await referred.output("url")), "W1", (shown) => shown.join(" "));
        await Promise.all([other.destroy(), onServer.destroy(), referred.destroy()]);
        // What is sent to a server stays here, and what was pulled: the next time only what has changed is built.
        await laptop.docker("image", "rm", built, reference);
        assert.equal((await site.get("/summary")).status, 200);
        assert.equal((await laptop.docker("ps", "-aq", "--filter", "label=dallinger.app=other")).trim(), "");
    });
}

/** Puts the experiment's image, as it is without what follows edits, into a registry, from where it has to be pulled again. */
async function publish(laptop: Laptop, reference: string): Promise<string> {
    const images = (await laptop.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "recall")).split("\n");
    const image = images.find((name) => name.endsWith("-base"));
    assert.ok(image, `an image without what follows edits, among ${images}`);
    await laptop.docker("tag", image, reference);
    await laptop.docker("push", reference);
    await laptop.docker("image", "rm", reference);
    return reference;
}
