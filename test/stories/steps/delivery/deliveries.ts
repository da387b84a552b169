import assert from "node:assert/strict";
import { z } from "zod";
import { servingWeb } from "../../../support/appOnServer.ts";
import { countConnections } from "../../../support/connections.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import type { TestServer } from "../../../support/testLab.ts";
import { type DeliveredApp, type Ground, packetsToRegistry, siteOf } from "./ground.ts";

const record = z.object({ image: z.string(), imageId: z.string(), contentHash: z.string() });

/** The record of the release of an app that serves. */
async function releaseOf(server: TestServer, app: string): Promise<z.infer<typeof record>> {
    const file = `/srv/dallinger/apps/${app}/current/record.json`;
    return record.parse(JSON.parse(await server.run("cat", file)));
}

/** Bytes that have come to a server by its interface while something was done. */
async function received(server: TestServer, operation: () => Promise<unknown>): Promise<number> {
    const bytes = async () => Number(await server.run("cat", "/sys/class/net/eth0/statistics/rx_bytes"));
    const before = await bytes();
    await operation();
    return (await bytes()) - before;
}

async function sizeOf(server: TestServer, image: string): Promise<number> {
    return Number(await server.run("docker", "image", "inspect", "--format", "{{.Size}}", image));
}

/** An image gets there with one ssh connection more than an app needs, and runs by the id that everybody is told. */
export async function arrives(ground: Ground, app: DeliveredApp): Promise<number> {
    const { server } = ground;
    let bytes = 0;
    const connections = await countConnections(server, async () => {
        bytes = await received(server, () => app.stack.up());
    });
    assert.ok(connections <= 6, `${connections} ssh connections`);
    await runs(ground, app);
    return bytes;
}

/** The app answers, and its web is the image that the stack and the release's record name. */
async function runs(ground: Ground, app: DeliveredApp): Promise<void> {
    const { server } = ground;
    const site = await siteOf(ground, app);
    assert.equal((await site.get("/summary")).status, 200);
    const image = await app.stack.output("image");
    assert.match(image, /^sha256:[0-9a-f]{64}$/);
    const web = await server.run("docker", "inspect", "--format", "{{.Image}}", await servingWeb(server, app.name));
    const release = await releaseOf(server, app.name);
    assert.deepEqual([web, release.image, release.imageId], [image, image, image]);
}

/** The first image moves as a whole: without that, the bytes of the second would mean nothing. */
export async function movesWhole(ground: Ground): Promise<void> {
    const bytes = await arrives(ground, ground.bySsh);
    const size = await sizeOf(ground.server, await ground.bySsh.stack.output("image"));
    assert.ok(bytes > size / 10, `${bytes} of ${size} bytes`);
}

/** Bytes that may come to a server for what a researcher has written, everything that belongs to a deployment among them. */
const little = 2_000_000;

/** After a change of one line less than two megabytes move, of an image a hundred times as large. */
export async function movesLittle(ground: Ground, app: DeliveredApp): Promise<void> {
    const { server, experiment } = ground;
    const before = await app.stack.output("image");
    await experiment.change();
    const bytes = await arrives(ground, app);
    const image = await app.stack.output("image");
    assert.notEqual(image, before);
    const size = await sizeOf(server, image);
    assert.ok(bytes < little && size > 50 * little, `${bytes} of ${size} bytes`);
}

/** Another experiment that needs the same packages brings what is its own: all else it has in common with the one that is there. */
export async function sharesDependencies(ground: Ground): Promise<void> {
    const { server, bySsh, another } = ground;
    const bytes = await arrives(ground, another);
    assert.ok(bytes < little, `${bytes} bytes`);
    const layers = async ({ stack }: DeliveredApp) =>
        z
            .array(z.string())
            .parse(
                JSON.parse(
                    await server.run(
                        "docker",
                        "image",
                        "inspect",
                        "--format",
                        "{{json .RootFS.Layers}}",
                        await stack.output("image"),
                    ),
                ),
            );
    const there = new Set(await layers(bySsh));
    const own = (await layers(another)).filter((layer) => !there.has(layer));
    assert.ok(there.size > 5 && own.length > 0 && own.length <= 2, `${own.length} of its own beside ${there.size}`);
}

/** What one app has brought is not brought again for another, whichever way they use: the same hash, the same id. */
export async function sharesWhatIsThere(ground: Ground): Promise<void> {
    const { server, bySsh, byServer } = ground;
    await arrives(ground, bySsh);
    const [one, other] = [await releaseOf(server, bySsh.name), await releaseOf(server, byServer.name)];
    assert.deepEqual(one, other);
}

/** A release goes back to an image that nobody else has. */
export async function goesBack(ground: Ground): Promise<void> {
    const { operator, bySsh } = ground;
    const now = await bySsh.stack.output("image");
    assert.equal((await dallinger(operator, "by-ssh", "rollback")).exitCode, 0);
    await bySsh.stack.up();
    await runs(ground, bySsh);
    assert.notEqual(await bySsh.stack.output("image"), now);
    assert.equal((await dallinger(operator, "by-ssh", "forward")).exitCode, 0);
    await bySsh.stack.up();
    assert.equal(await bySsh.stack.output("image"), now);
}

/** An app that goes takes its images along, but for what another app has. */
export async function leavesNoImage({ server, bySsh, byServer }: Ground): Promise<void> {
    const images = async (app: string) =>
        (await server.shell(`sort -u /srv/dallinger/apps/${app}/releases/*/image`)).split("\n");
    const [own, others] = [await images(bySsh.name), new Set(await images(byServer.name))];
    assert.ok(own.some((image) => others.has(image)) && own.some((image) => !others.has(image)));
    await bySsh.stack.destroy();
    const there = new Set((await server.shell("docker image ls -aq --no-trunc")).split("\n"));
    for (const image of own) assert.equal(there.has(image), others.has(image), image);
}

/** Nothing of all this was asked of the registry. */
export async function asksNoRegistry({ server }: Ground): Promise<void> {
    assert.equal(await packetsToRegistry(server), 0);
}

/** Whether the user who logs in is in the group `docker` of the server, which is as good as root. */
async function isInDockerGroup({ server }: Ground): Promise<boolean> {
    return (await server.run("id", "-nG", server.user)).split(" ").includes("docker");
}

/** The login user is let in by the first app that the server builds, and nobody is before. */
export async function letsInForBuild(ground: Ground): Promise<void> {
    assert.equal(await isInDockerGroup(ground), false);
    await arrives(ground, ground.byServer);
    assert.equal(await isInDockerGroup(ground), true);
    await ground.operator.stack("server").up();
    assert.equal(await isInDockerGroup(ground), true);
}

/** With the last app that the server builds, the user leaves the group. */
export async function letsOutAfterBuilds(ground: Ground): Promise<void> {
    await ground.byServer.stack.destroy();
    assert.equal(await isInDockerGroup(ground), false);
}
