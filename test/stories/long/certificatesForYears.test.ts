import assert from "node:assert/strict";
import { test } from "node:test";
import { comesBack, reboot } from "../../support/reboot.ts";
import { AcmeAuthority, type Counts, labName } from "../steps/certificates/acmeAuthority.ts";
import { findMacKey } from "../steps/certificates/externalAccount.ts";
import { nameAuthorities, newBareGround, siteOf } from "../steps/certificates/ground.ts";
import { hurryRenewals, PageWatch, renewals, renewed } from "../steps/certificates/renewal.ts";
import { shownCertificate } from "../steps/certificates/shown.ts";
import { stepsOf } from "../steps/deployment/steps.ts";

/** What an authority has taken since this was called. */
async function countsFrom(authority: AcmeAuthority): Promise<() => Promise<Counts>> {
    const before = await authority.counts();
    return async () => {
        const { orders, accounts } = await authority.counts();
        return { orders: orders - before.orders, accounts: accounts - before.accounts };
    };
}

test("a certificate is renewed for years, and asked for once by whatever is deployed or rebooted in between", async (t) => {
    const step = stepsOf(t);
    await using ground = await newBareGround("years");
    const { stack, server, hostname } = ground;
    await using _ = await labName(hostname, server.address);
    // These two stand for Let's Encrypt's directory for trials and its own as well.
    const [short, other] = [await AcmeAuthority.start("short"), await AcmeAuthority.start("other")];
    const [ofShort, ofOther] = [await countsFrom(short), await countsFrom(other)];

    const first = await step("`up` gets one that is good for minutes", async () => {
        await nameAuthorities(stack, [short]);
        await stack.up();
        assert.deepEqual(await ofShort(), { orders: 1, accounts: 1 });
        return await shownCertificate(hostname, short.caCertificate);
    });
    await step("it is renewed before its end, by the same account, and the page answers all along", async () => {
        const site = siteOf(ground, short.caCertificate);
        await hurryRenewals(server);
        await comesBack(site);
        await using watch = new PageWatch(site);
        await renewed(hostname, short.caCertificate, first);
        assert.deepEqual(await watch.stop(), []);
        // One order for each certificate: the authority may want the second renewed at any time as well.
        const [before, { orders, accounts }, after] = [await renewals(server), await ofShort(), await renewals(server)];
        assert.ok(before >= 1 && before + 1 <= orders && orders <= after + 1, `${before} ${orders} ${after}`);
        assert.equal(accounts, 1);
    });
    const lasting = await step("another authority's takes its place at once, where that alone is named", async () => {
        await nameAuthorities(stack, [other]);
        await stack.up();
        const shown = await shownCertificate(hostname, other.caCertificate);
        await assert.rejects(shownCertificate(hostname, short.caCertificate), /certificate/);
        const { server: output } = (await stack.outputs()) as { server: { caCertificate: string } };
        assert.equal(output.caCertificate.trim(), other.caCertificate.trim());
        assert.deepEqual(await ofOther(), { orders: 1, accounts: 1 });
        return shown;
    });
    await step("five redeploys keep it", async () => {
        for (let redeploy = 1; redeploy <= 5; redeploy++) {
            await stack.configure({ "settings.title": `Title ${redeploy}` });
            await stack.up();
            assert.deepEqual(stack.changed, ["experiment", "experiment-release"]);
            assert.deepEqual(await shownCertificate(hostname, other.caCertificate), lasting);
        }
    });
    await step("a server that was rebooted has it, and the account", async () => {
        await reboot(server);
        await comesBack(siteOf(ground, other.caCertificate));
        assert.deepEqual(await shownCertificate(hostname, other.caCertificate), lasting);
        await stack.up();
        assert.deepEqual(stack.changed, []);
        assert.deepEqual(await ofOther(), { orders: 1, accounts: 1 });
    });
    await step("an authority that is named again is not asked for what it has issued", async () => {
        await nameAuthorities(stack, [await AcmeAuthority.start()]);
        await stack.up();
        await nameAuthorities(stack, [other]);
        await stack.up();
        assert.deepEqual(await shownCertificate(hostname, other.caCertificate), lasting);
        assert.deepEqual(await ofOther(), { orders: 1, accounts: 1 });
    });
});

test("authorities are asked in their order: at first, when one refuses, and at a renewal", async (t) => {
    const step = stepsOf(t);
    await using ground = await newBareGround("several");
    const { stack, server, hostname } = ground;
    await using _ = await labName(hostname, server.address);
    const [other, members] = [await AcmeAuthority.start("other"), await AcmeAuthority.start("members")];
    const { keyId = "", macKey = "" } = members.account ?? {};
    const ofMembers = await countsFrom(members);
    const both = `${other.caCertificate}\n${members.caCertificate}`;
    const secret = `serverSecrets.externalAccountKeys["${keyId}"]`;
    await nameAuthorities(stack, [other, members]);
    await using refusing = new AsyncDisposableStack();
    refusing.use(await other.refusing(server));

    await step(
        "one for members that gets another's key refuses, and the error says so of each and has no key",
        async () => {
            const wrong = `${macKey.slice(0, -4)}AAAA`;
            await stack.configureSecrets({ [secret]: wrong });
            const error = await stack.refusal(() => stack.up());
            assert.match(error, /^ *10\.213\.\d+\.2:14001-dir answers: .*connection refused/m);
            assert.match(error, /^ *10\.213\.\d+\.2:14003-dir answers: .*[Bb]inding/m);
            assert.match(error, new RegExp(`${hostname} gets no certificate`));
            assert.ok(!`${error}${stack.printed}`.includes(wrong));
        },
    );
    const first = await step("the second issues where the first refuses, to who has an account there", async () => {
        await stack.configureSecrets({ [secret]: macKey });
        await stack.up();
        assert.equal((await ofMembers()).orders, 1);
        await assert.rejects(shownCertificate(hostname, other.caCertificate), /certificate/);
        return await shownCertificate(hostname, members.caCertificate);
    });
    await step("the account's key is in one file, which only root can read, and encrypted in the state", async () => {
        assert.deepEqual(await findMacKey(ground, macKey), ["600 root"]);
    });
    await step("the first is asked first when that one is renewed", async () => {
        await refusing.disposeAsync();
        const site = siteOf(ground, both);
        await hurryRenewals(server);
        await comesBack(site);
        await using watch = new PageWatch(site);
        const second = await renewed(hostname, both, first);
        assert.deepEqual(await watch.stop(), []);
        assert.deepEqual(await shownCertificate(hostname, other.caCertificate), second);
        assert.equal((await ofMembers()).orders, 1);
    });
});
