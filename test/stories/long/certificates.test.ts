import assert from "node:assert/strict";
import { test } from "node:test";
import { readDiagnostics } from "../../support/diagnostics.ts";
import { labName } from "../steps/certificates/acmeAuthority.ts";
import { type Ground, newGround } from "../steps/certificates/ground.ts";
import { shownCertificate } from "../steps/certificates/shown.ts";
import { stepsOf } from "../steps/deployment/steps.ts";

test("a certificate that is not to be had says why, and is had once that is mended", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("uncertified");
    const { stack, server, authority, hostname } = ground;

    await step("an authority that does not answer is named, with what Caddy met there", async () => {
        // The name goes first: while it leads here and the authority answers, Caddy would get a certificate.
        await using _refusing = await authority.refusing(server);
        await using _ = await labName(hostname, server.address);
        await refused(ground, /^10\.213\.\d+\.2:14000-dir answers: .*connection refused/m);
    });
    await step("a name that DNS does not know is what the authority says", async () => {
        await refused(ground, new RegExp(`^10\\.213\\.\\d+\\.2:14000-dir answers: .*${hostname}`, "m"));
    });
    await step("`up` asks again at once, not when Caddy would", async () => {
        await using _ = await labName(hostname, server.address);
        const begun = performance.now();
        await stack.up();
        assert.ok(performance.now() - begun < 120_000);
        const { issuer } = await shownCertificate(hostname, authority.caCertificate);
        assert.match(issuer, /^Pebble Intermediate CA/);
    });
});

/** Asserts that `up` ends with one error, which says what was met and what to do. */
async function refused({ stack, hostname }: Ground, met: RegExp): Promise<void> {
    const [error = "", ...others] = readDiagnostics(await stack.refusal(() => stack.up()));
    assert.deepEqual(others, []);
    assert.match(error, met);
    assert.match(error, new RegExp(`${hostname} gets no certificate: the line above says why\\. DNS has to lead`));
}
