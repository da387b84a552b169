import assert from "node:assert/strict";
import { EXIT } from "../../../../ops/exitStatus.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import type { Ground } from "./ground.ts";

async function ids({ server }: Ground): Promise<Record<string, string[]>> {
    const format = '{{.Label "com.docker.compose.service"}} {{.ID}}';
    const filter = "label=com.docker.compose.project=dlgr-app-recall";
    const lines = (await server.run("docker", "ps", "--no-trunc", "--filter", filter, "--format", format)).split("\n");
    const pairs = lines.map((line) => line.split(" ") as [string, string]);
    const grouped = Map.groupBy(pairs, ([service]) => service);
    return Object.fromEntries([...grouped].map(([service, found]) => [service, found.map(([, id]) => id).toSorted()]));
}

/** More workers are started, fewer are stopped, and nothing else happens. */
export async function scalesWorkers(ground: Ground): Promise<void> {
    const { stack } = ground;
    const before = await ids(ground);
    await stack.configure({ "settings.num_dynos_worker": "3" });
    await stack.up();
    const more = await ids(ground);
    assert.equal(more.worker?.length, 3);
    assert.ok(before.worker?.every((id) => more.worker?.includes(id)));
    assert.deepEqual({ ...more, worker: [] }, { ...before, worker: [] });
    await stack.configure({ "settings.num_dynos_worker": "1" });
    await stack.up();
    const less = await ids(ground);
    assert.equal(less.worker?.length, 1);
    assert.deepEqual({ ...less, worker: [] }, { ...before, worker: [] });
}

/** There is one clock at any moment of a redeploy, and none when it is not wanted. */
export async function neverTwoClocks(ground: Ground): Promise<void> {
    const { stack, experiment, server } = ground;
    await experiment.change();
    const look =
        "docker ps -q --filter label=com.docker.compose.project=dlgr-app-recall --filter label=com.docker.compose.service=clock";
    const watch = server.shell(
        `most=0; until [ -e /run/seen ]; do now=$(${look} | wc -l); [ $now -le $most ] || most=$now; sleep 0.1; done; rm /run/seen; echo $most`,
    );
    await stack.up();
    await server.run("touch", "/run/seen");
    assert.equal((await watch).trim(), "1");
    await stack.configure({ "settings.clock_on": "false" });
    await stack.up();
    assert.equal((await ids(ground)).clock, undefined);
    await stack.configure({ "settings.clock_on": "true" });
    await stack.up();
    assert.equal((await ids(ground)).clock?.length, 1);
}

/** What somebody has changed by hand is found by one look, and `up` mends it. */
export async function mendsDrift(ground: Ground): Promise<void> {
    const { stack, operator, server, site, app } = ground;
    const before = await dallinger(operator, "recall", "check");
    assert.deepEqual([before.exitCode, before.stderr], [0, ""], before.stdout);
    await stack.up();
    assert.deepEqual(stack.changed, []);

    const { worker = [] } = await ids(ground);
    await server.run("docker", "stop", ...worker);
    await server.run("docker", "rm", "--force", await app.web());
    await server.run("rm", "/srv/dallinger/server/caddy/sites/recall.caddy");
    const found = await dallinger(operator, "recall", "check");
    assert.equal(found.exitCode, EXIT.differs);
    assert.match(found.stdout, /^worker: dlgr-app-recall-worker-\d+ is exited/m);
    assert.match(found.stdout, /^worker: 0 of 1 as they should be$/m);
    assert.match(found.stdout, /^web: 0 of 1 as they should be$/m);
    assert.match(found.stdout, /^site: \S+recall\.caddy is not what the stack has put there$/m);

    assert.equal((await dallinger(operator, "recall", "mend")).exitCode, 0);
    await stack.up();
    const after = await dallinger(operator, "recall", "check");
    assert.deepEqual([after.exitCode, after.stderr], [0, ""], after.stdout);
    assert.equal((await site.get("/summary")).status, 200);
}

/** Only the latest releases stay, with their images. */
export async function keepsTheLatest(ground: Ground): Promise<void> {
    const { stack, server, experiment } = ground;
    await stack.configure({ "experiment.releases.keep": "2" });
    for (let change = 0; change < 2; change++) {
        await experiment.change();
        await stack.up();
    }
    assert.equal((await server.shell("ls /srv/dallinger/apps/recall/releases")).split("\n").length, 2);
    const images = await server.shell("docker images --digests --format '{{.Repository}}@{{.Digest}}' | grep /recall@");
    const used = await server.shell("sort -u /srv/dallinger/apps/*/releases/*/image");
    // Docker lists what it has pulled; nothing of what is not kept is among it.
    assert.deepEqual(images.split("\n").toSorted(), used.split("\n").toSorted());
    await stack.configure({ "experiment.releases.keep": "" });
}
