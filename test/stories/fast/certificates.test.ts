import assert from "node:assert/strict";
import { test } from "node:test";
import { testLab } from "../../support/testLab.ts";
import { labName } from "../steps/certificates/acmeAuthority.ts";
import { newGround } from "../steps/certificates/ground.ts";
import { shownCertificate } from "../steps/certificates/shown.ts";
import { stepsOf } from "../steps/deployment/steps.ts";

test("an authority's certificate is asked for once, whatever is deployed or made anew", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("certificates");
    const { stack, server, authority, hostname } = ground;
    await using _ = await labName(hostname, server.address);
    const before = await authority.orders();
    const orders = async () => (await authority.orders()) - before;
    const shown = () => shownCertificate(hostname, authority.caCertificate);

    const first = await step("`up` gets one from the authority that is named", async () => {
        await stack.up();
        assert.equal(await stack.output("url"), `https://${hostname}`);
        const certificate = await shown();
        assert.match(certificate.issuer, /^Pebble Intermediate CA/);
        assert.equal(await orders(), 1);
        return certificate;
    });
    await step("other stacks and browsers are told whom to trust", async () => {
        const { server: output } = (await stack.outputs()) as { server: { tls: string; caCertificate: string } };
        assert.equal(output.tls, "acme");
        assert.equal(output.caCertificate.trim(), authority.caCertificate.trim());
        await assert.rejects(shownCertificate(hostname, (await testLab()).registryCa), /certificate/);
    });
    await step("a redeploy keeps it", async () => {
        await stack.configure({ "settings.title": "Another title" });
        await stack.up();
        assert.deepEqual(stack.changed, ["experiment", "experiment-release"]);
        assert.deepEqual(await shown(), first);
    });
    await step("a Caddy that is made anew keeps it", async () => {
        await server.run("docker", "rm", "-f", "dlgr-server-caddy");
        await stack.configure({ "server.tls.email": "others@lab.test" });
        await stack.up();
        assert.deepEqual(await shown(), first);
        assert.equal(await orders(), 1);
    });
});
