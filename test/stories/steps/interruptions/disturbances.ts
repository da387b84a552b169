import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { dallinger } from "../../../support/projectCommand.ts";
import { checkout, type TestServer, testLab, testServer } from "../../../support/testLab.ts";
import type { Ground } from "../releases/ground.ts";
import { Load } from "../releases/load.ts";
import { pulumi } from "./command.ts";
import { saysConnectionLost } from "./lostConnection.ts";

/** Waits until the release on its way has started its web beside the one that serves. */
async function inTheMiddle({ app }: Ground): Promise<void> {
    await app.atLeastWebs((await app.webs()).length + 1);
}

/** `up` again brings everything to what the stack says; nothing acknowledged is missing. */
async function converges(ground: Ground, acknowledged: readonly string[]): Promise<void> {
    const { operator, site, app } = ground;
    const again = await pulumi(operator, "recall", "up");
    assert.ok(again.succeeded, again.printed);
    const check = await dallinger(operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
    assert.equal((await site.get("/summary")).status, 200);
    const rows = await app.query("SELECT contents FROM info");
    const found = new Set(rows.map(({ contents }) => contents));
    assert.deepEqual(
        acknowledged.filter((text) => !found.has(text)),
        [],
    );
}

/** Disturbs a redeploy in its middle while participants answer, and has `up` converge. */
async function disturb(ground: Ground, disturbance: () => Promise<unknown>): Promise<void> {
    await ground.experiment.change();
    await using load = await Load.start(ground.site, 5);
    const up = pulumi(ground.operator, "recall", "up");
    await inTheMiddle(ground);
    await disturbance();
    await up;
    await converges(ground, (await load.stop()).acknowledged);
}

/** Somebody, or the kernel, kills the script that works on the server. */
export async function scriptKilled(ground: Ground): Promise<void> {
    await disturb(ground, () =>
        ground.server.run("pkill", "-KILL", "-f", "^/bin/sh /srv/dallinger/apps/recall/bin/app release"),
    );
}

async function troubleshooting(): Promise<string> {
    return await readFile(join(checkout, "docs/troubleshooting.md"), "utf8");
}

/** The network between operator and server is gone until the operator's side has noticed; what is said then is in docs/troubleshooting.md. */
export async function networkCut(ground: Ground): Promise<void> {
    const [, , lab = "", host = ""] = ground.server.address.split(".");
    const link = (state: string) => execa("ip", ["link", "set", `dlgrlab${lab}-${host}`, state]);
    await ground.experiment.change();
    const up = pulumi(ground.operator, "recall", "up");
    await inTheMiddle(ground);
    await link("down");
    try {
        const { succeeded, printed } = await up;
        assert.ok(!succeeded, "the network was gone, and nobody has noticed");
        assert.ok(saysConnectionLost(printed, await troubleshooting()), printed);
    } finally {
        await link("up");
    }
    await converges(ground, []);
}

/** The engine of the server's containers restarts, and with it all containers. */
export async function dockerRestarted(ground: Ground): Promise<void> {
    await disturb(ground, () => ground.server.run("systemctl", "restart", "docker"));
}

/** The server stops in the middle and starts again; everything comes back by itself, and `up` converges. */
export async function serverRebooted(ground: Ground): Promise<void> {
    await disturb(ground, async () => {
        await reboot(ground);
        await answers(ground);
    });
}

/** Without any `up`: a server that starts has its apps. */
export async function comesBackByItself(ground: Ground): Promise<void> {
    await reboot(ground);
    await answers(ground);
    const check = await dallinger(ground.operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
}

/** As when the power fails. */
async function reboot({ server }: Ground): Promise<void> {
    const { name } = await testLab();
    const { pid } = await lookUp(server, name);
    process.kill(pid, "SIGKILL");
    // It takes a while until all that ran there is gone, and as long the server counts as one that is up.
    while (existsSync(`/proc/${pid}`)) await setTimeout(100);
    await execa("lab/lab", ["up", name], { cwd: checkout });
}

async function lookUp(server: TestServer, lab: string): Promise<{ pid: number }> {
    await testServer(server.name);
    const { stdout } = await execa("lab/lab", ["status", lab, "--json"], { cwd: checkout });
    const { servers }: { servers: { name: string; pid: number }[] } = JSON.parse(stdout);
    const found = servers.find(({ name }) => name === server.name);
    assert.ok(found);
    return found;
}

async function answers({ site }: Ground): Promise<void> {
    for (let tries = 0; ; tries++) {
        const status = await site.get("/summary").then((answer) => answer.status, String);
        if (status === 200) return;
        if (tries > 180) throw new Error(`the app does not come back by itself: ${status}`);
        await setTimeout(1000);
    }
}
