import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { EXIT } from "../../../../ops/exitStatus.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { testLab } from "../../../support/testLab.ts";
import { exampleConfiguration } from "../../../support/testStack.ts";
import type { Ground } from "../releases/ground.ts";
import { pgbouncerSignals } from "./pgbouncerSignals.ts";

/** What `./ops/dallinger check` finds of the server and of its app. */
async function checks({ operator }: Ground): Promise<string[]> {
    const found = await Promise.all(["server", "recall"].map((stack) => dallinger(operator, stack, "check")));
    return found.filter(({ exitCode }) => exitCode !== 0).map(({ stdout, stderr }) => `${stdout}\n${stderr}`);
}

/** Each container of the server with the moment at which it was started. */
async function started({ server }: Ground): Promise<string> {
    return await server.shell("docker ps -aq | xargs docker inspect --format '{{.Name}} {{.State.StartedAt}}' | sort");
}

/** A change of the server that fails leaves all as it was, and the configuration set back has nothing to do. */
async function fails(ground: Ground, change: Readonly<Record<string, string>>, message: RegExp): Promise<void> {
    const { operator, site } = ground;
    const stack = operator.stack("server");
    await stack.configure(change);
    assert.match(await stack.refusal(() => stack.up()), message);
    assert.equal((await site.get("/summary")).status, 200);
    assert.deepEqual(await checks(ground), []);
    const former = new Map(Object.entries(exampleConfiguration(await testLab(), ground.server)));
    await stack.configure(Object.fromEntries(Object.keys(change).map((path) => [path, former.get(path) ?? ""])));
    await stack.up();
    // The component alone: Pulumi has taken down its arguments before anything was asked of the server. What an image means may have
    // been asked in vain.
    assert.deepEqual(
        stack.changed.filter((name) => name !== "server-images"),
        ["server"],
    );
    assert.deepEqual(await checks(ground), []);
}

/** An image that nobody has, and one of a major version whose files are not the volume's, stop nothing. */
export async function stopsNothing(ground: Ground): Promise<void> {
    const before = await started(ground);
    await fails(
        ground,
        { "server.images.postgres": "127.0.0.1:1/nowhere:17" },
        /the server cannot pull 127\.0\.0\.1:1/,
    );
    await ground.server.run(
        "docker",
        "commit",
        "--pause=false",
        "--change",
        "ENV PG_MAJOR=18",
        "dlgr-server-postgres",
        "later:18",
    );
    await fails(ground, { "server.images.postgres": "later:18" }, /are PostgreSQL 17's, and later:18 is PostgreSQL 18/);
    assert.equal(await started(ground), before);
}

/** A PostgreSQL that does not get healthy makes place for the one before, and no request fails meanwhile. */
export async function bringsBack(ground: Ground): Promise<void> {
    const sick = [
        "docker",
        "commit",
        "--pause=false",
        "--change",
        'ENTRYPOINT ["false"]',
        "dlgr-server-postgres",
        "sick:17",
    ];
    await ground.server.run(...sick);
    const change = { "server.images.postgres": "sick:17" };
    let done = false;
    const failing = fails(ground, change, /the shared services did not get healthy/).finally(() => {
        done = true;
    });
    const statuses = new Map<number, number>();
    while (!done) {
        const { status } = await ground.site.get("/summary");
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await setTimeout(100);
    }
    await failing;
    assert.deepEqual([...statuses.keys()], [200], "requests wait for PostgreSQL in place of failing");
    const signals = await pgbouncerSignals(ground);
    assert.deepEqual([...new Set(signals)].sort(), ["SIGUSR1", "SIGUSR2"], "pgbouncer was held, and has gone on");
    assert.equal(signals.at(-1), "SIGUSR2");
}

/** What somebody has changed by hand on the server is found by one look, and `up` mends it. */
export async function mendsServer(ground: Ground): Promise<void> {
    const { operator, server } = ground;
    const stack = operator.stack("server");
    await server.shell("sed -i 's/grace_period 30s/grace_period 31s/' /srv/dallinger/server/caddy/Caddyfile");
    await server.run("docker", "stop", "dlgr-server-postgres");
    const found = await dallinger(operator, "server", "check");
    assert.equal(found.exitCode, EXIT.differs);
    assert.match(found.stdout, /^server: dlgr-server-postgres is exited/m);
    assert.match(found.stdout, /^server: \S+Caddyfile is not what was applied$/m);
    assert.match(found.stdout, /^server: dlgr-server-caddy runs with another configuration than its files have$/m);
    await stack.up();
    assert.deepEqual(stack.changed, []);
    assert.equal((await dallinger(operator, "server", "mend")).exitCode, 0);
    await stack.up();
    assert.deepEqual(await checks(ground), []);
}

/** A host name that gets no certificate makes place for the one before, and that one, set back, is there. */
export async function putsSiteBack(ground: Ground): Promise<void> {
    const { stack, site, server } = ground;
    const uncertified = `uncertified.${site.hostname}`;
    // A file in the place of the folder in which Caddy would keep the certificate.
    const folder = `/data/caddy/certificates/local/${uncertified}`;
    await server.run("docker", "exec", "dlgr-server-caddy", "touch", folder);
    const app = await ground.app.web();
    await stack.configure({ "experiment.hostnames[0]": site.hostname, "experiment.hostnames[1]": uncertified });
    assert.match(await stack.refusal(() => stack.up()), /the previous site of recall is there again/);
    assert.deepEqual(await checks(ground), []);
    assert.equal((await site.get("/summary")).status, 200);
    await stack.configure({ "experiment.hostnames": "" });
    await stack.up();
    assert.deepEqual(await checks(ground), []);
    assert.equal(await ground.app.web(), app);
}
