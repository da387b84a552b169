import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { Site } from "../../../support/site.ts";
import type { TestServer } from "../../../support/testLab.ts";
import { type ShownCertificate, shownCertificate } from "./shown.ts";

/**
 * Has a server's Caddy look every five seconds for certificates that are due, which stands for the ten minutes that it takes otherwise:
 * a story has no time for those. Caddy takes another interval only when it begins anew.
 */
export async function hurryRenewals(server: TestServer): Promise<void> {
    const caddyfile = "/srv/dallinger/server/caddy/Caddyfile";
    await server.run("sed", "-i", "s/^\\tgrace_period .*/&\\n\\trenew_interval 5s/", caddyfile);
    await server.run("docker", "restart", "dlgr-server-caddy");
}

/** Waits until the host shows another certificate than this one, which has to be before this one ends, and then gives that. */
export async function renewed(hostname: string, ca: string, before: ShownCertificate): Promise<ShownCertificate> {
    while (true) {
        // Fails as soon as what is shown has ended.
        const shown = await shownCertificate(hostname, ca);
        if (shown.serial !== before.serial) {
            assert.ok(Date.now() < before.ends, "it has come when the one before had ended");
            return shown;
        }
        await setTimeout(500);
    }
}

/** How often Caddy has renewed a certificate since its container was made. */
export async function renewals(server: TestServer): Promise<number> {
    const log = await server.shell("docker logs dlgr-server-caddy 2>&1");
    return log.split("\n").filter((line) => line.includes('"msg":"certificate renewed successfully"')).length;
}

/** Asks a page again and again, each time over a connection of its own. */
export class PageWatch implements AsyncDisposable {
    private readonly lost: string[] = [];
    private readonly asking: Promise<void>;
    private answered = 0;
    private stopped = false;

    constructor(site: Site) {
        this.asking = this.ask(site);
    }

    /** What has become of the requests that got no page. */
    async stop(): Promise<readonly string[]> {
        this.stopped = true;
        await this.asking;
        assert.ok(this.answered > 0, "nothing was asked");
        return this.lost;
    }

    private async ask(site: Site): Promise<void> {
        while (!this.stopped) {
            const status = await site.get("/robots.txt").then((answer) => answer.status, String);
            if (status === 200) this.answered++;
            else this.lost.push(`${new Date().toISOString()} ${status}`);
            await setTimeout(200);
        }
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.stopped = true;
        await this.asking;
    }
}
