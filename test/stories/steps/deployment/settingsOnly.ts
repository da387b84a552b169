import assert from "node:assert/strict";
import { AppOnServer } from "../../../support/appOnServer.ts";
import type { Operator } from "../../../support/operator.ts";
import { begin, type Finished } from "../../../support/participant.ts";
import { listDeployed } from "../../../support/serverListing.ts";
import type { Site } from "../../../support/site.ts";
import { appStack, type Ground } from "./ground.ts";
import { inDatabase } from "./participation.ts";

const replaced = ["clock", "web", "worker"];

/** Other settings build nothing, launch nothing and make only those containers anew that read them. */
export async function changesSettings(
    site: Site,
    { server }: Ground,
    operator: Operator,
    finished: Finished,
): Promise<void> {
    const app = new AppOnServer(server);
    const stack = operator.stack(appStack);
    const before = {
        containers: await app.containers(),
        listing: await listDeployed(server),
        launch: await launch(server),
    };
    await stack.configure({ "settings.recall_words": "5", "settings.recall_participants": "500" });
    await stack.preview();
    assert.deepEqual(stack.changed, ["experiment", "experiment-release"]);
    await stack.up();
    assert.deepEqual(stack.changed, ["experiment", "experiment-release"]);

    const containers = await app.containers();
    const kept = Object.keys(containers).filter((service) => containers[service] === before.containers[service]);
    assert.deepEqual(kept.toSorted(), ["pgbouncer", "redis"]);
    assert.deepEqual(
        Object.keys(containers)
            .filter((service) => !kept.includes(service))
            .toSorted(),
        replaced,
    );
    const { volumes, networks, images, databases, roles, sites } = await listDeployed(server);
    const { volumes: v, networks: n, images: i, databases: d, roles: r, sites: s } = before.listing;
    assert.deepEqual([volumes, networks, images, databases, roles, sites], [v, n, i, d, r, s]);

    await inDatabase(finished, app);
    assert.equal((await begin(site, "worker-2")).words.length, 5);
    assert.equal(await app.launches(), 0); // the log is the new container's
    assert.equal(await launch(server), before.launch);
}

/** The records of the launch: their contents, and when they were written. */
async function launch(server: Ground["server"]): Promise<string> {
    return await server.shell(
        "cd /srv/dallinger/apps/recall && stat -c '%n %y' launch-started launch.json && cat launch.json",
    );
}
