import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { comesBack, reboot } from "../../support/reboot.ts";
import { type MadeAuthority, makeAuthority } from "../../unit/configuration/server/certificates.ts";
import { labName } from "../steps/certificates/acmeAuthority.ts";
import { type BareGround, newBareGround, siteOf } from "../steps/certificates/ground.ts";
import { PageWatch } from "../steps/certificates/renewal.ts";
import { shownCertificate } from "../steps/certificates/shown.ts";
import { stepsOf } from "../steps/deployment/steps.ts";

test("a certificate of one's own is shown through redeploys and a reboot, and the renewed one without a restart", async (t) => {
    const step = stepsOf(t);
    await using ground = await newBareGround("own");
    const { stack, server, hostname } = ground;
    await using _ = await labName(hostname, server.address);
    using authority = makeAuthority();
    const shown = () => shownCertificate(hostname, authority.root);
    const site = siteOf(ground, authority.root);
    await stack.configure({ "server.tls.mode": "custom", "server.tls.certificate": "file:certificates/lab.pem" });

    await step(
        "one of an authority that is not public is refused without it at hand, before anything is sent",
        async () => {
            using stranger = makeAuthority();
            await place(ground, authority, 90);
            await stack.configure({ "server.tls.caCertificate": stranger.root });
            const error = await stack.refusal(() => stack.up());
            assert.match(error, /server\.tls\.caCertificate: has not signed server\.tls\.certificate/);
            assert.equal(await server.shell("[ ! -e /srv/dallinger ] && echo nothing"), "nothing");
        },
    );
    const first = await step("with it `up` comes to its end, and browsers are told whom to trust", async () => {
        await stack.configure({ "server.tls.caCertificate": authority.root });
        await stack.up();
        const { server: output } = (await stack.outputs()) as { server: { tls: string; caCertificate: string } };
        assert.equal(output.tls, "custom");
        assert.equal(output.caCertificate.trim(), authority.root);
        const found = await shown();
        assert.equal(found.issuer, "Authority of a test");
        return found;
    });
    await step("five redeploys keep it", async () => {
        for (let redeploy = 1; redeploy <= 5; redeploy++) {
            await stack.configure({ "settings.title": `Title ${redeploy}` });
            await stack.up();
            assert.deepEqual(stack.changed, ["experiment", "experiment-release"]);
            assert.deepEqual(await shown(), first);
        }
    });
    await step("a server that was rebooted shows it", async () => {
        await reboot(server);
        await comesBack(site);
        assert.deepEqual(await shown(), first);
    });
    await step("one that has ended is refused, and the other one stays", async () => {
        await place(ground, authority, 0);
        const error = await stack.refusal(() => stack.up());
        assert.match(error, /server\.tls\.certificate: has ended on \d{4}-\d\d-\d\d: renew it/);
        assert.deepEqual(await shown(), first);
    });
    await step("a renewed one is shown by the next `up`, which restarts nothing and loses no request", async () => {
        await place(ground, authority, 365);
        const running = () =>
            server.shell("docker ps -q | xargs docker inspect -f '{{.Name}} {{.State.StartedAt}}' | sort");
        const before = await running();
        await using watch = new PageWatch(site);
        await stack.up();
        assert.deepEqual(await watch.stop(), []);
        const renewed = await shown();
        assert.ok(renewed.ends > first.ends);
        assert.equal(await running(), before);
    });
});

/** A new certificate for the app, good for so many days, and its key are where the stack says. */
async function place({ operator, stack, hostname }: BareGround, authority: MadeAuthority, days: number): Promise<void> {
    const { certificate, key } = authority.issue(hostname, days);
    const folder = join(operator.folder, "certificates");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "lab.pem"), `${certificate}\n${authority.between}\n`);
    await stack.configureSecrets({ "serverSecrets.tlsKey": key });
}
