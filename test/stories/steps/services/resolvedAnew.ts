import assert from "node:assert/strict";
import { renew, tag } from "../../../support/labRegistry.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { testLab } from "../../../support/testLab.ts";
import type { Ground } from "../releases/ground.ts";

/** Names of the containers that were started, or only those that were made, since. */
async function containersSince({ server }: Ground, moment: string, what = ".State.StartedAt"): Promise<string[]> {
    const text = await server.shell(`docker ps -q | xargs docker inspect --format '{{${what}}} {{.Name}}'`);
    const lines = text
        .trim()
        .split("\n")
        .map((line) => line.split(" /") as [string, string]);
    return lines.filter(([started]) => started > moment).map(([, name]) => name);
}

/** dlgr-app-recall-redis-1 -> redis */
const servicesOf = (names: readonly string[]) => names.map((name) => name.split("-").at(-2));

const now = async ({ server }: Ground) => (await server.run("date", "-u", "+%Y-%m-%dT%H:%M:%S.%N")).trim();

/** What a tag means by now is asked for by a command, announced by a preview, and brought by `up`: nothing else restarts. */
export async function resolvesAnew(ground: Ground): Promise<void> {
    const { operator, stack, site } = ground;
    const lab = await testLab();
    const server = operator.stack("server");
    const [caddy, redis] = [`${lab.registry.address}/moving-caddy:2`, `${lab.registry.address}/moving-redis:8`];
    const { caddy: firstCaddy = "", redis: firstRedis = "" } = lab.images;
    await tag(lab, caddy, firstCaddy);
    await tag(lab, redis, firstRedis);
    await server.configure({ "server.images.caddy": caddy, "server.images.redis": redis });
    await server.up();
    await stack.up();
    const beginning = await now(ground);
    const same = await dallinger(operator, "server", "resolve", "services");
    assert.equal(same.exitCode, 0, same.stderr);
    assert.equal(same.stdout.match(/means the image that runs$/gm)?.length, 4, same.stdout);
    await renew(lab, caddy, firstCaddy);
    await renew(lab, redis, firstRedis);
    await server.up();
    assert.deepEqual(server.changed, [], "a tag that has moved changes nothing by itself");
    const other = await dallinger(operator, "server", "resolve", "services");
    assert.match(other.stdout, /^caddy: \S+@sha256:\w+, with which the next `\.\/pulumi up` makes it anew/m);
    assert.match(other.stdout, /^redis: \S+@sha256:\w+, with which each app's next `\.\/pulumi up`/m);
    assert.equal(other.stdout.match(/means the image that runs$/gm)?.length, 2, other.stdout);
    const before = server.printed.length;
    await server.preview({ diff: true });
    assert.match(server.printed.slice(before), /containers[^}]*~ caddy/);
    assert.doesNotMatch(server.printed.slice(before), /~ postgres/);
    assert.deepEqual(await containersSince(ground, beginning), []);
    await server.up();
    assert.deepEqual(await containersSince(ground, beginning), ["dlgr-server-caddy"]);
    const then = await now(ground);
    await stack.preview({ diff: true });
    assert.match(stack.printed, /serviceImages[^}]*~ redis/);
    await stack.up();
    assert.deepEqual(servicesOf(await containersSince(ground, then, ".Created")), ["redis"]);
    // A worker of Dallinger's ends when its Redis goes, and Docker starts the same container again.
    const started = servicesOf(await containersSince(ground, then));
    assert.deepEqual(
        [...new Set(started)].filter((service) => service !== "worker"),
        ["redis"],
    );
    assert.equal((await site.get("/summary")).status, 200);
    await server.up();
    assert.deepEqual(server.changed, []);
}
