import assert from "node:assert/strict";
import { test } from "node:test";
import { countConnections } from "../../support/connections.ts";
import { assertRefused } from "../../support/refusal.ts";
import { assertUnchanged } from "../../support/serverState.ts";
import { Site } from "../../support/site.ts";
import { within } from "../../support/within.ts";
import { labName } from "../steps/certificates/acmeAuthority.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import { newSharedGround, type SharedGround } from "../steps/releases/ground.ts";

/** Of an app, beside the one that it has by default. */
const study = "study.lead.lab.test";
const stray = "2001:db8::99";

test("names that do not lead to the server are refused before any change, and no app suffers from another's", async (t) => {
    const step = stepsOf(t);
    await using ground = await newSharedGround("lead");
    const { server, operator, other } = ground;
    const { stack, site } = other;
    const elsewhere = server.address.replace(/\d+$/, "2");
    const own = { "experiment.hostnames[0]": site.hostname };
    await stack.configure({ ...own, "experiment.hostnames[1]": study });

    await step("a name without a record is refused, with the record to make", async () => {
        await assertRefused(stack, server, [
            `${study}: has no address seen from here and from the server: make the record`,
            `${study}. A ${server.address}`,
        ]);
        await serveAsBefore(ground);
    });
    await step("a right record of IPv4 does not excuse a wrong one of IPv6", async () => {
        await using _ = await labName(study, server.address);
        await using _stray = await labName(study, stray);
        await assertRefused(stack, server, [`remove ${study}. AAAA ${stray}`]);
        await serveAsBefore(ground);
    });
    await step("what only the server sees is refused by the server, and changes nothing there", async () => {
        await using _ = await labName(study, elsewhere);
        await stack.configure({ "experiment.checkFromHere": "false" });
        const { connections } = await assertRefused(stack, server, [
            `seen from the server, these host names do not lead to it (${server.address}`,
            `${study}. A ${server.address}`,
        ]);
        assert.equal(connections, 1);
        await serveAsBefore(ground);
    });
    await step("a name server that does not answer is no record that is missing", async () => {
        const file = "/etc/resolv.conf";
        await server.shell(
            `cp ${file} ${file}.kept; echo nameserver ${server.address.replace(/\d+$/, "250")} >${file}`,
        );
        const { error } = await assertRefused(stack, server, [
            `${study}: cannot be looked up, because the name server`,
        ]);
        assert.doesNotMatch(error, /make the record/);
        await server.shell(`cat ${file}.kept >${file}; rm ${file}.kept`);
        await stack.configure({ "experiment.checkFromHere": "" });
    });
    await step("set back, there is nothing to do", async () => {
        await stack.configure({ "experiment.hostnames": "" });
        assert.equal(await assertUnchanged(server, () => countConnections(server, () => stack.up())), 0);
        await stack.configure({ ...own, "experiment.hostnames[1]": study });
    });
    await step("a record that is made while `up` waits for it is waited for, and both names answer", async () => {
        const containers = await containersOf(ground);
        const printed = stack.printed.length;
        const up = stack.up();
        up.catch(() => {}); // awaited below
        await within(90, async () => stack.printed.includes(`not yet: ${study} has no address`, printed));
        await using _ = await labName(study, server.address);
        await up;
        for (const hostname of [site.hostname, study])
            assert.equal((await at(ground, hostname).get("/summary")).status, 200);
        assert.deepEqual(await containersOf(ground), containers);
        await stack.up();
        assert.deepEqual(stack.changed, []);
    });
    await step("a name of another app's is refused by Caddy as a copy, and both apps go on", async () => {
        await stack.configure({ ...own, "experiment.hostnames[1]": ground.site.hostname });
        const error = await stack.refusal(() => stack.up());
        assert.match(error, /Caddy does not accept the app's site: a host name of another app, perhaps/);
        await serveAsBefore(ground);
        await stack.configure({ "experiment.hostnames": "" });
        await stack.up();
        await serveAsBefore(ground);
    });
    await step(
        "behind something in front of the server, names lead to the addresses that the configuration lists",
        async () => {
            const servers = operator.stack("server");
            await servers.configure({ "server.addresses[0]": elsewhere, "server.wildcard": "lead.lab.test" });
            await servers.up();
            const hostname = `other.${elsewhere.replaceAll(".", "-")}.lead.lab.test`;
            await using _ = await labName(hostname, elsewhere);
            // Nothing is forwarded there: from outside, nobody reaches the app.
            const error = await stack.refusal(() => stack.up());
            assert.ok(
                error.includes(`https://${hostname} is not reached from this machine: ${elsewhere} refuses`),
                error,
            );
            assert.equal((await at(ground, hostname).get("/summary")).status, 200);
        },
    );
});

/** The other app, whose names are meant, and the one beside it. */
async function serveAsBefore(ground: SharedGround): Promise<void> {
    const { server, site, other } = ground;
    for (const each of [site, other.site]) assert.equal((await each.get("/summary")).status, 200);
    const validate = ["caddy", "validate", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"];
    await server.run("docker", "exec", "dlgr-server-caddy", ...validate);
}

/** The same server at a host name. */
function at({ server, site }: SharedGround, hostname: string): Site {
    return new Site(`https://${hostname}`, server.address, site.target.ca);
}

async function containersOf({ server }: SharedGround): Promise<string> {
    return await server.run("docker", "ps", "--no-trunc", "--format", "{{.ID}} {{.Names}}");
}
