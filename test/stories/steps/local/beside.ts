import assert from "node:assert/strict";
import { LocalSite } from "../../../support/localSite.ts";
import { takePart } from "../../../support/participant.ts";
import { exampleConfiguration } from "../../../support/testStack.ts";
import type { Step } from "../deployment/steps.ts";
import type { Laptop } from "./laptop.ts";

/** Two more of the same experiment: here, of an image that was built before, and from the same folder on a server of the lab. */
export async function runBeside(step: Step, laptop: Laptop, site: LocalSite): Promise<void> {
    await step("others run beside it: one of an image from a registry, and one on a server", async () => {
        const { lab } = laptop;
        const reference = await publish(laptop, `${lab.registry.address}/recall:published`);
        const { "experiment.image.base": _, ...referring } = laptop.configuration("other");
        const other = await laptop.another("other", { ...referring, "experiment.image.reference": reference });
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
        // What is sent to a server stays here, and what was pulled: the next time only what has changed is built. The experiment that
        // goes on may be made from the same image, by a name of its own.
        const tags = await laptop.docker("image", "inspect", "--format", '{{join .RepoTags " "}}', built);
        const sent = tags.split(" ").filter((name) => !name.endsWith("-base"));
        await laptop.docker("image", "rm", ...new Set([...sent, reference]));
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
