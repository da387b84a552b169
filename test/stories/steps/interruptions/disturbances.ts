import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { dallinger } from "../../../support/projectCommand.ts";
import { comesBack, reboot } from "../../../support/reboot.ts";
import { checkout } from "../../../support/testLab.ts";
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
        await reboot(ground.server);
        await comesBack(ground.site);
    });
}

/** Without any `up`: a server that starts has its apps. */
export async function comesBackByItself(ground: Ground): Promise<void> {
    await reboot(ground.server);
    await comesBack(ground.site);
    const check = await dallinger(ground.operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
}
