import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { AppOnServer } from "../../../support/appOnServer.ts";
import type { Operator } from "../../../support/operator.ts";
import { takePart } from "../../../support/participant.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { restoreBackup } from "../../../support/restoredBackup.ts";
import { listBackups, listDeployed } from "../../../support/serverListing.ts";
import { Site } from "../../../support/site.ts";
import { pulumi } from "../interruptions/command.ts";
import { everyRow, identityOf, leaveTraces } from "../moving/sameApp.ts";
import { until } from "../moving/until.ts";
import { announced } from "../releases/announced.ts";
import { type App, apps, type Ground, present } from "./ground.ts";
import { killedAfterClaim } from "./killedAfterClaim.ts";
import { announcedOfServer, previewOfServer, restarted, running } from "./restarts.ts";

type Rows = Awaited<ReturnType<typeof everyRow>>;

/** What the former program has left, and the present one finds. */
export interface Former {
    readonly sites: Readonly<Record<App, Site>>;
    /** What makes the app `recall` itself. */
    readonly identity: unknown;
    readonly rows: Readonly<Record<App, Rows>>;
}

/** The former program prepares the server and deploys apps, in each of which somebody takes part. */
export async function formerlyDeployed(ground: Ground): Promise<Former> {
    const { server, former } = ground;
    await former.stack("server").up();
    const { caCertificate } = (await former.stack("server").outputs()).server as { caCertificate: string };
    const site = async (app: App) => {
        await former.stack(app).up();
        return new Site(await former.stack(app).output("url"), server.address, caCertificate);
    };
    const sites = { recall: await site("recall"), killed: await site("killed"), untouched: await site("untouched") };
    for (const app of apps) await answer(sites[app]);
    await leaveTraces({ server });
    const identity = await identityOf({ stack: former.stack("recall") }, { server });
    const [recall, killed, untouched] = [
        await rowsOf(ground, "recall"),
        await rowsOf(ground, "killed"),
        await rowsOf(ground, "untouched"),
    ];
    return { sites, identity, rows: { recall, killed, untouched } };
}

/**
 * The present program's `up` of the server restarts what its preview has announced and no app.
 *
 * @returns what the preview said, and what restarted.
 */
export async function takesServer(
    ground: Ground,
    now: Operator,
    former: Former,
): Promise<{ readonly told: string; readonly changed: readonly string[] }> {
    const { server } = ground;
    const said = await previewOfServer(now.stack("server"));
    const allowed = announcedOfServer(said);
    const before = await running(server);
    await now.stack("server").up();
    const changed = restarted(before, await running(server));
    const told = `the preview named ${said.join(", ") || "nothing"}; restarted: ${changed.join(", ") || "nothing"}`;
    // Nobody looks for a preview's small print when participants of every app are cut off.
    assert.ok(!changed.includes("dlgr-server/caddy"), told);
    assert.deepEqual(
        changed.filter((service) => !allowed.includes(service)),
        [],
        told,
    );
    await keepsEverything(ground, former);
    return { told, changed };
}

/** The present program's `up` of an app restarts exactly what its preview has announced. @returns that. */
export async function takesApp(ground: Ground, now: Operator, former: Former): Promise<string[]> {
    const { server } = ground;
    const said = (await announced(now.stack("recall"))).map((service) => `dlgr-app-recall/${service}`);
    const before = await running(server);
    await now.stack("recall").up();
    assert.deepEqual(restarted(before, await running(server)), said);
    assert.deepEqual(await identityOf({ stack: now.stack("recall") }, { server }), former.identity);
    await keepsEverything(ground, former);
    return said;
}

/** A second `up` of both finds nothing to do, nothing on the server is amiss, and the study goes on. */
export async function goesOn({ server }: Ground, now: Operator, { sites }: Former): Promise<void> {
    const before = await running(server);
    for (const name of ["server", "recall"]) {
        await now.stack(name).up();
        assert.deepEqual(now.stack(name).changed, []);
    }
    assert.deepEqual(restarted(before, await running(server)), []);
    const check = await dallinger(now, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
    const { answer: text } = await answer(sites.recall);
    const rows = await new AppOnServer(server).query("SELECT contents FROM info");
    assert.ok(rows.some(({ contents }) => contents === text));
}

/** `up` is killed right after the claim: `destroy` has the present scripts, and the commands that the former state holds. */
export async function killedThenDestroyed(ground: Ground, now: Operator, former: Former): Promise<void> {
    const scripts = "tail -n 1 /srv/dallinger/apps/killed/bin/prune.sh";
    assert.doesNotMatch(await ground.server.shell(scripts), present);
    await using _ = await killedAfterClaim(now, "killed");
    assert.match(await ground.server.shell(scripts), present);
    await destroyed(ground, now, "killed", former.rows.killed);
}

/** An app that the present program has never brought up: its scripts are the former ones, on a server that is the present one's. */
export async function untouchedDestroyed(ground: Ground, now: Operator, former: Former): Promise<void> {
    await destroyed(ground, now, "untouched", former.rows.untouched);
}

/** The last app and the server go; Docker, which was there before, and the backups stay. */
export async function allTakenAway(ground: Ground, now: Operator): Promise<void> {
    const { server } = ground;
    const [before, packages] = [await rowsOf(ground, "recall"), await installed(ground)];
    await destroyed(ground, now, "recall", before);
    const left = Object.values(await listDeployed(server)).flat();
    assert.deepEqual(
        left.filter((line) => apps.some((app) => line.includes(app))),
        [],
    );
    await now.stack("server").configure({ "server.discardBackups": "true" });
    await now.stack("server").up();
    await now.stack("server").destroy();
    assert.equal(await server.shell("ls /srv/dallinger /var/lib/dallinger 2>/dev/null || true"), "");
    assert.deepEqual(await installed(ground), packages);
}

async function destroyed(ground: Ground, now: Operator, app: App, rows: Rows): Promise<void> {
    const { server } = ground;
    const others = (of: Awaited<ReturnType<typeof running>>) =>
        Object.fromEntries(Object.entries(of).filter(([service]) => !service.startsWith(`dlgr-app-${app}/`)));
    const before = await running(server);
    const { succeeded, printed } = await pulumi(now, app, "destroy");
    assert.ok(succeeded, printed);
    const after = await running(server);
    assert.deepEqual(others(after), others(before), "something restarted that belongs to others");
    assert.deepEqual(after, others(after), "something of the app is left");
    const found = (await listBackups(server)).filter((backup) => backup.startsWith(`${app}/`));
    assert.equal(found.length, 1, found.join(", "));
    await using restored = await restoreBackup(server, found[0] ?? "");
    assert.deepEqual(await everyRow(restored), rows);
    const folders = `ls -d /srv/dallinger/apps/${app} /var/lib/dallinger/${app} 2>/dev/null || true`;
    assert.equal(await server.shell(folders), "");
}

/** Every app serves, and every row is there. */
async function keepsEverything(ground: Ground, { sites, rows }: Former): Promise<void> {
    for (const app of apps) {
        // pgbouncer asks a PostgreSQL that has restarted again after a quarter of a minute only.
        await until(async () => (await sites[app].get("/summary")).status === 200, `${app} to serve`);
        assert.deepEqual(await rowsOf(ground, app), rows[app]);
    }
}

async function rowsOf({ server }: Ground, app: App): Promise<Rows> {
    const onServer = new AppOnServer(server);
    return await everyRow({ query: (sql) => onServer.query(sql, `app_${app}`) });
}

async function installed({ server }: Ground): Promise<string> {
    return await server.run("dpkg-query", "-W");
}

async function answer(site: Site) {
    return await takePart(site, randomUUID(), () => `an answer ${randomUUID()}`);
}
