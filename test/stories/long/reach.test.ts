import assert from "node:assert/strict";
import { test } from "node:test";
import { AppOnServer } from "../../support/appOnServer.ts";
import { readDiagnostics } from "../../support/diagnostics.ts";
import { labName } from "../steps/certificates/acmeAuthority.ts";
import { type Ground, newGround } from "../steps/certificates/ground.ts";
import { stepsOf } from "../steps/deployment/steps.ts";

test("an app that participants do not reach is not launched, and `up` says why", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("unreached");
    const { stack, server, hostname } = ground;
    const app = new AppOnServer(server);
    // With a CA of its own the server needs no name that anybody knows: inside, all is well.
    const internal = { "server.tls.email": "", "server.tls.authorities": "" };
    await stack.configure({ ...internal, "server.tls.mode": "internal" });
    const [gateway, workshop] = ["1", "2"].map((host) => server.address.replace(/\d+$/, host));

    await step("a closed port is told, with who may have closed it", async () => {
        await using _ = await labName(hostname, server.address);
        const rule = ["DOCKER-USER", "-s", gateway ?? "", "-p", "tcp", "--dport", "443", "-j", "DROP"];
        await server.run("iptables", "-I", ...rule);
        await refused(ground, `${server.address} does not answer at port 443: a firewall, perhaps the provider's,`);
        await server.run("iptables", "-D", ...rule);
    });
    // The name was right when it was looked up, and is not looked up again: what has become of it since, participants meet.
    await step("a name that has lost its record is told, with the address that it has to have", async () => {
        await refused(
            ground,
            `${hostname} has no address in DNS: make a record for it that leads to the server, ${server.address},`,
        );
    });
    await step("a record that leads elsewhere by now is told, with both addresses", async () => {
        await using _ = await labName(hostname, workshop ?? "");
        await refused(
            ground,
            `${hostname} has the address ${workshop} in DNS, which refuses connections to port 443, and the server is ${server.address}: correct`,
        );
    });
    assert.equal(await app.launches(), 0);
    await step("where it cannot be seen from here, the configuration says so, and it is launched", async () => {
        await stack.configure({ "experiment.checkFromHere": "false" });
        await stack.up();
        assert.equal(await app.launches(), 1);
    });
    await step("asked again it is reached, nothing is launched twice, and nothing is asked a second time", async () => {
        await using _ = await labName(hostname, server.address);
        await stack.configure({ "experiment.checkFromHere": "" });
        await stack.up();
        assert.deepEqual(stack.changed.toSorted(), ["experiment-reach", "server-names"]);
        await stack.up();
        assert.deepEqual(stack.changed, []);
        assert.equal(await app.launches(), 1);
    });
});

/** Asserts that `up` ends with one error, which says what was met and how to go on without. */
async function refused({ stack }: Ground, met: string): Promise<void> {
    const [error = "", ...others] = readDiagnostics(await stack.refusal(() => stack.up()));
    assert.deepEqual(others, []);
    assert.ok(error.includes(met), error);
    assert.match(error, /pulumi config set --path 'dallinger:experiment\.checkFromHere' false/);
}
