import assert from "node:assert/strict";
import { countConnections } from "../../../support/connections.ts";
import { type Listing, listDeployed } from "../../../support/serverListing.ts";
import { Site } from "../../../support/site.ts";
import { appStack, type Ground, serverStack } from "./ground.ts";

/** Prepares the server. @returns what is on it before there is an app. */
export async function prepare({ server, operator }: Ground): Promise<Listing> {
    const connections = await countConnections(server, () => operator.stack(serverStack).up());
    assert.ok(connections <= 5, `${connections} ssh connections`);
    return await listDeployed(server);
}

/** Deploys the app. @returns its site, as participants see it. */
export async function deploy({ server, operator }: Ground): Promise<Site> {
    const connections = await countConnections(server, () => operator.stack(appStack).up());
    assert.ok(connections <= 5, `${connections} ssh connections`);
    const outputs = await operator.stack(serverStack).stack.outputs();
    const ca: unknown = outputs.server?.value.caCertificate;
    assert.ok(typeof ca === "string" && ca.includes("BEGIN CERTIFICATE"), "the server's stack names its CA");
    const site = new Site(await operator.stack(appStack).output("url"), server.address, ca);
    assert.equal((await site.get("/robots.txt")).status, 200);
    assert.equal((await site.get("/summary")).status, 200);
    return site;
}

/** What makes the certificate's verification worth something: the same site is refused without its CA, or by another name. */
export async function verifies(site: Site, { server, lab }: Ground): Promise<void> {
    const elsewhere = new Site(`https://${site.hostname}`, server.address, lab.registryCa);
    await assert.rejects(elsewhere.get("/robots.txt"), /certificate/i);
}
