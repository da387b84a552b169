import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
    type AcmeChoice,
    acmeAuthorities,
    LETS_ENCRYPT,
    LETS_ENCRYPT_STAGING,
} from "../../../../components/configuration/server/acmeAuthorities.ts";
import { CERTIFICATE, check, problemAt, SERVER } from "../rawConfiguration.ts";

const own = { directory: "https://ca.example/dir", caCertificate: "PEM OF THE ROOT" };
const trial = { directory: LETS_ENCRYPT_STAGING, caCertificate: "PEM OF THE TRIAL" };
const stagingCaCertificate = trial.caCertificate;

const staged: readonly (readonly [string, AcmeChoice, readonly object[]])[] = [
    ["by default", {}, [trial]],
    ["by its alias", { ca: LETS_ENCRYPT }, [trial]],
    ["among others, which stay", { authorities: [own, { directory: LETS_ENCRYPT }] }, [own, trial]],
];

suite("Let's Encrypt's directory for trials", () => {
    for (const [how, choice, expected] of staged) {
        test(`takes the place of its own where that is named ${how}`, () => {
            assert.deepEqual(acmeAuthorities({ ...choice, staging: true, stagingCaCertificate }), expected);
        });

        test(`leaves nothing behind once it is off, named ${how}`, () => {
            const before = acmeAuthorities(choice);
            for (const staging of [{ staging: false }, {}])
                assert.deepEqual(acmeAuthorities({ ...choice, ...staging, stagingCaCertificate }), before);
        });
    }

    const tls = (keys: object) => ({ server: { ...SERVER, tls: { mode: "acme", email: "it@lab.example", ...keys } } });

    test("needs the certificates that its own are trusted by, which can stay", () => {
        const path = "dallinger:server.tls.stagingCaCertificate";
        const problem = problemAt(path, tls({ staging: true }));
        assert.match(problem?.message ?? "", /is required: nobody trusts .* https:\/\/letsencrypt\.org\/docs\/staging/);
        assert.equal(problem?.fix, `pulumi config set --path '${path}' file:certificates/staging.pem`);
        for (const staging of [true, false])
            assert.deepEqual(check(tls({ staging, stagingCaCertificate: CERTIFICATE })).problems, []);
    });

    test("is no other authority's", () => {
        const path = "dallinger:server.tls.staging";
        const problem = problemAt(path, tls({ staging: true, ca: own.directory, stagingCaCertificate: CERTIFICATE }));
        assert.match(problem?.message ?? "", /is for Let's Encrypt, and another authority is named/);
    });
});

suite("an account with an authority", () => {
    const account = { directory: "https://ca.example/dir", externalAccount: "kid/1" };
    const keyPath = `dallinger:serverSecrets.externalAccountKeys["kid/1"]`;
    const blocks = (keys: object | undefined, authority: object = account) => ({
        server: { ...SERVER, tls: { mode: "acme", email: "it@lab.example", authorities: [authority] } },
        ...(keys !== undefined && { serverSecrets: { externalAccountKeys: keys } }),
    });
    const macKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    test("comes with its key, which some fill up at its end", () => {
        for (const written of [macKey, `${macKey}==`]) {
            const { configuration, problems } = check(blocks({ "kid/1": written }));
            assert.deepEqual(problems, []);
            assert.deepEqual(configuration?.serverSecrets, { externalAccountKeys: { "kid/1": macKey } });
        }
    });

    test("is refused without its key, with the command that asks for it", () => {
        for (const keys of [undefined, {}]) {
            const problem = problemAt(keyPath, blocks(keys));
            assert.match(problem?.message ?? "", /^is required: the MAC key that the authority has given out/);
            assert.equal(problem?.fix, `pulumi config set --secret --path '${keyPath}'`);
        }
    });

    test("that no authority names is refused with its key, which is not shown", () => {
        const other = blocks({ "kid/1": macKey }, { directory: "https://ca.example/dir" });
        const problem = problemAt(keyPath, other);
        assert.equal(problem?.message, "is the key of no externalAccount in server.tls.authorities");
        assert.equal(problem?.fix, `pulumi config rm --path '${keyPath}'`);
        assert.deepEqual(check({ ...other, server: SERVER }).problems, [problem]);
    });

    test("is refused with a key that is no base64url, which is not shown, and named as Caddy can read it", () => {
        const { problems } = check(blocks({ "kid/1": "not a key: at all!" }));
        assert.deepEqual(
            problems.map(({ path, message }) => `${path}: ${message}`),
            [`${keyPath}: must be a MAC key in base64url`],
        );
        for (const externalAccount of ["", "a b", "{env.HOME}", "`", '"', "#kid"]) {
            const path = "dallinger:server.tls.authorities[0].externalAccount";
            const problem = problemAt(path, blocks(undefined, { ...account, externalAccount }));
            assert.match(problem?.message ?? "", /^must be a key id/);
        }
    });
});
