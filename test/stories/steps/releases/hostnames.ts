import assert from "node:assert/strict";
import { Site } from "../../../support/site.ts";
import { restartsAsAnnounced } from "./announced.ts";
import type { Ground } from "./ground.ts";

/** The same app at another host name. */
function at({ server, site }: Ground, hostname: string): Site {
    return new Site(`https://${hostname}`, server.address, site.target.ca);
}

/** One host name more is the site's matter alone: no container is made anew. */
export async function addsHostname(ground: Ground): Promise<void> {
    const { stack, site, app } = ground;
    const before = await app.containers();
    const more = `study.${site.hostname}`;
    await stack.configure({ "experiment.hostnames[0]": site.hostname, "experiment.hostnames[1]": more });
    await stack.up();
    // By its claim the server is asked where the names lead.
    const looks = ["experiment-claim", "experiment-names"];
    assert.deepEqual(stack.changed.toSorted(), ["experiment", ...looks, "experiment-reach", "experiment-site"]);
    assert.deepEqual(await app.containers(), before);
    for (const name of [site, at(ground, more)]) assert.equal((await name.get("/summary")).status, 200);
    assert.equal(await stack.output("url"), `https://${site.hostname}`);
}

/** Another first one gets into the links that Dallinger makes: what runs Dallinger is made anew, and nothing else. Both names answer. */
export async function changesFirstHostname(ground: Ground): Promise<void> {
    const { stack, site, app, server } = ground;
    const first = `study.${site.hostname}`;
    await stack.configure({ "experiment.hostnames[0]": first, "experiment.hostnames[1]": site.hostname });
    assert.deepEqual(await restartsAsAnnounced(stack, app), ["clock", "web", "worker"]);
    assert.match(await server.run("docker", "exec", await app.web(), "env"), new RegExp(`^HOST=${first}$`, "m"));
    for (const name of [site, at(ground, first)]) assert.equal((await name.get("/summary")).status, 200);
    assert.equal(await stack.output("url"), `https://${first}`);
    assert.equal(await app.launches(), 0);
}

/** Without host names of its own the app is where it was, and nowhere else. */
export async function takesHostnamesBack(ground: Ground): Promise<void> {
    const { stack, site } = ground;
    await stack.configure({ "experiment.hostnames": "" });
    await stack.up();
    assert.equal((await site.get("/summary")).status, 200);
    await assert.rejects(at(ground, `study.${site.hostname}`).get("/summary"));
    assert.equal(await stack.output("url"), `https://${site.hostname}`);
}
