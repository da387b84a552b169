import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import type { Site } from "./site.ts";
import { checkout, type TestServer, testLab, testServer } from "./testLab.ts";

/** Stops a server as when the power fails, and starts it again. */
export async function reboot(server: TestServer): Promise<void> {
    const { name } = await testLab();
    const pid = await initOf(server, name);
    process.kill(pid, "SIGKILL");
    // It takes a while until all that ran there is gone, and as long the server counts as one that is up.
    while (existsSync(`/proc/${pid}`)) await setTimeout(100);
    await execa("lab/lab", ["up", name], { cwd: checkout });
}

async function initOf(server: TestServer, lab: string): Promise<number> {
    await testServer(server.name);
    const { stdout } = await execa("lab/lab", ["status", lab, "--json"], { cwd: checkout });
    const { servers }: { servers: { name: string; pid: number }[] } = JSON.parse(stdout);
    const found = servers.find(({ name }) => name === server.name);
    assert.ok(found);
    return found.pid;
}

/** Waits until an app answers again by itself, for up to three minutes. */
export async function comesBack(site: Site): Promise<void> {
    for (let tries = 0; ; tries++) {
        const status = await site.get("/summary").then((answer) => answer.status, String);
        if (status === 200) return;
        if (tries > 180) throw new Error(`the app does not come back by itself: ${status}`);
        await setTimeout(1000);
    }
}
