import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { resolveServer } from "../../../../components/targets/server/serverSpec.ts";
import { readServicesOutput } from "../../../../components/targets/server/servicesOutput.ts";

const images = { postgres: "postgres:17", redis: "redis:8", pgbouncer: "pgbouncer:1", caddy: "caddy:2" };
const base = { id: "the-id", host: "203.0.113.7", hostKey: "ssh-ed25519 AAAA", images };
const trusted = (tls: Parameters<typeof resolveServer>[0]["tls"], stdout: string) => {
    const { tls: mode, caCertificate } = readServicesOutput(resolveServer({ ...base, tls }), {}, stdout);
    return [mode, caCertificate];
};

suite("the output `server`", () => {
    test("has the certificate of Caddy's own CA, which the server tells", () => {
        const told = Buffer.from("PEM OF CADDY").toString("base64");
        assert.deepEqual(trusted({ mode: "internal" }, `${told}\n`), ["internal", "PEM OF CADDY"]);
    });

    test("has the certificates of private authorities, which a browser has to be told as well", () => {
        const authorities = [
            { directory: "https://a.example/dir", caCertificate: "PEM OF A" },
            { directory: "https://b.example/dir" },
            { directory: "https://c.example/dir", caCertificate: "PEM OF C" },
        ];
        const tls = { mode: "acme" as const, email: "it@lab.example", authorities };
        assert.deepEqual(trusted(tls, "\n"), ["acme", "PEM OF A\nPEM OF C\n"]);
    });

    test("says by which names and addresses apps are found, where the configuration does", () => {
        const said = { wildcard: "sslip.io", addresses: ["203.0.113.9"] };
        const output = (names: object) => readServicesOutput(resolveServer({ ...base, ...names }), {}, "");
        const { wildcard, addresses } = output(said);
        assert.deepEqual({ wildcard, addresses }, said);
        assert.ok(!("wildcard" in output({})) && !("addresses" in output({})));
    });

    test("has the certificate of who has signed a certificate of one's own", () => {
        const tls = { mode: "custom" as const, certificate: "PEM", caCertificate: "PEM OF THE AUTHORITY" };
        assert.deepEqual(trusted(tls, "\n"), ["custom", "PEM OF THE AUTHORITY\n"]);
    });

    test("has what Let's Encrypt's trials are trusted by while they are on, and not for a moment longer", () => {
        const tls = { mode: "acme" as const, email: "it@lab.example", stagingCaCertificate: "PEM OF THE TRIAL" };
        assert.deepEqual(trusted({ ...tls, staging: true }, "\n"), ["acme", "PEM OF THE TRIAL\n"]);
        assert.deepEqual(trusted({ ...tls, staging: false }, "\n"), ["acme", ""]);
    });

    test("has none where the public ones do", () => {
        assert.deepEqual(trusted({ mode: "acme", email: "it@lab.example" }, "\n"), ["acme", ""]);
        assert.deepEqual(trusted({ mode: "custom", certificate: "PEM" }, "\n"), ["custom", ""]);
    });
});
