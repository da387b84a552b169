import assert from "node:assert/strict";
import { countConnections } from "../../../support/connections.ts";
import type { TestServer } from "../../../support/testLab.ts";
import type { Ground, SharedGround } from "./ground.ts";
import { Load } from "./load.ts";
import { LostEvidence } from "./lostEvidence.ts";
import { OpenWebSocket } from "./webSocket.ts";

const shared = ["dlgr-server-caddy", "dlgr-server-postgres", "dlgr-app-recall-redis-1", "dlgr-app-recall-pgbouncer-1"];

/**
 * Redeploys again and again with new code while participants go on, with `rate` requests a second: nothing that was asked is lost,
 * nothing acknowledged either.
 */
export async function losesNothing(ground: SharedGround, redeploys: number, rate: number): Promise<void> {
    const { server, stack, experiment, site, other, app } = ground;
    const before = { shared: await identities(server), reloads: await reloads(server) };
    using bystander = await OpenWebSocket.open(other.site);
    await using evidence = await LostEvidence.gather(server, "recall");
    await using load = await Load.start(site, rate);
    const webs = new Set<string>();
    try {
        for (let redeploy = 1; redeploy <= redeploys; redeploy++) {
            await experiment.change();
            const connections = await countConnections(server, () => stack.up());
            assert.ok(connections <= 2, `${connections} ssh connections`);
            assert.deepEqual(stack.changed.toSorted(), ["experiment", "experiment-release", "image", "image-build"]);
            webs.add(await app.web());
        }
    } finally {
        const report = await load.stop();
        console.error(
            `${report.sent} requests, ${report.lost.length} lost, slowest gap ${Math.round(report.slowestGap)} ms`,
        );
        const lost = report.lost.length > 0 ? await evidence.describe(report.lost, stack.progress) : "";
        if (lost !== "") console.error(lost);
        assert.equal(report.lost.length, 0, lost);
        const rows = await app.query("SELECT contents FROM info WHERE contents LIKE 'load %'");
        const found = new Set(rows.map(({ contents }) => contents));
        assert.equal(found.size, rows.length, "an answer is in the database twice");
        assert.deepEqual(
            report.acknowledged.filter((text) => !found.has(text)),
            [],
        );
    }
    assert.equal(webs.size, redeploys);
    assert.deepEqual(await identities(server), before.shared);
    assert.equal(await reloads(server), before.reloads);
    assert.equal(bystander.closedAt, undefined, `another app's websocket was closed, ${bystander.closedWith}`);
}

/** The websockets of the app itself are closed by a redeploy only when the former web's grace is over. */
export async function keepsWebSockets({ stack, experiment, site, server }: Ground): Promise<void> {
    const sockets = await Promise.all(Array.from({ length: 5 }, () => OpenWebSocket.open(site)));
    await experiment.change();
    const taken = takesOver(server);
    await stack.up();
    const at = await taken;
    for (const socket of sockets) {
        using _ = socket;
        assert.ok(socket.closedAt !== undefined, "the former web is gone, and with it its websockets");
        const grace = socket.closedAt - at;
        assert.ok(grace > 50_000, `a websocket was closed ${Math.round(grace)} ms after the new web had taken over`);
    }
}

/** Another app's websockets stay open while one goes, and while it comes again. */
export async function closesNoOther({ site, other }: SharedGround): Promise<void> {
    const sockets = await Promise.all(Array.from({ length: 5 }, () => OpenWebSocket.open(site)));
    await other.stack.destroy();
    await other.stack.up();
    for (const socket of sockets) {
        using _ = socket;
        assert.equal(socket.closedAt, undefined, `another app's websocket was closed, ${socket.closedWith}`);
    }
    assert.equal((await other.site.get("/summary")).status, 200);
}

/** Waits until Caddy is led to another web. */
async function takesOver(server: TestServer): Promise<number> {
    const file = "/srv/dallinger/server/caddy/upstreams/recall";
    await server.shell(`before=$(cat ${file}); while [ "$(cat ${file})" = "$before" ]; do sleep 0.1; done`);
    return performance.now();
}

async function identities(server: TestServer): Promise<string> {
    return await server.run("docker", "inspect", "--format", "{{.Name}} {{.Id}} {{.State.StartedAt}}", ...shared);
}

/** How often Caddy has been given a configuration, the same or another. */
async function reloads(server: TestServer): Promise<number> {
    const log = await server.shell("docker logs dlgr-server-caddy 2>&1");
    return log
        .split("\n")
        .filter((line) => line.includes('"msg":"load complete"') || line.includes("config is unchanged")).length;
}
