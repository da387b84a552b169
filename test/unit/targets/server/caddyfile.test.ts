import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { authorityFiles } from "../../../../components/targets/server/authorityFiles.ts";
import { renderCaddyfile } from "../../../../components/targets/server/caddyfile.ts";

suite("the server's Caddyfile", () => {
    const serverName = "internal.dallinger.lab.example";

    test("makes a CA of Caddy's own with mode internal", () => {
        const text = renderCaddyfile({ tls: { mode: "internal" }, serverName });
        assert.match(text, /\(dallinger_tls\) \{\n\ttls internal\n\}/);
        assert.match(text, /^internal\.dallinger\.lab\.example \{$/m);
    });

    test("an e-mail address does not make Caddy ask an authority that the configuration does not name", () => {
        const issuer = (directory: string) =>
            `\ttls {\n\t\tissuer acme ${directory} {\n\t\t\temail it@lab.example\n\t\t}\n\t}\n`;
        const acme = { mode: "acme" as const, email: "it@lab.example" };
        const standard = renderCaddyfile({ tls: acme, serverName });
        assert.ok(standard.includes(issuer("https://acme-v02.api.letsencrypt.org/directory")), standard);
        const named = renderCaddyfile({ tls: { ...acme, ca: "https://ca.example/dir" }, serverName });
        assert.ok(named.includes(issuer("https://ca.example/dir")), named);
        for (const text of [standard, named]) {
            assert.equal(text.match(/issuer/g)?.length, 1);
            assert.doesNotMatch(text, /internal|acme_ca|^\s*tls it@/m);
        }
    });

    test("authorities are asked in their order, a private one trusted by its certificate besides the public ones", () => {
        const authorities = [
            { directory: "https://ca.example/dir", caCertificate: "PEM OF THE ROOT" },
            { directory: "https://acme-v02.api.letsencrypt.org/directory" },
        ];
        const tls = { mode: "acme" as const, email: "it@lab.example", authorities };
        const [file, ...others] = authorityFiles(tls);
        assert.deepEqual(others, []);
        assert.match(file?.path ?? "", /^tls\/authority-[0-9a-f]{12}\.pem$/);
        assert.equal(file?.content, "PEM OF THE ROOT\n");
        const lines = renderCaddyfile({ tls, serverName }).split("\n");
        assert.deepEqual(
            lines.filter((line) => /issuer|trusted_roots/.test(line)).map((line) => line.trim()),
            [
                "issuer acme https://ca.example/dir {",
                `trusted_roots /etc/ssl/certs/ca-certificates.crt /etc/caddy/${file?.path}`,
                "issuer acme https://acme-v02.api.letsencrypt.org/directory {",
            ],
        );
    });

    test("an account with an authority is named, and its key by the file that Caddy reads it from", () => {
        const authorities = [{ directory: "https://ca.example/dir", externalAccount: "kid-1" }];
        const text = renderCaddyfile({ tls: { mode: "acme", email: "it@lab.example", authorities }, serverName });
        assert.match(text, /^\t{3}eab kid-1 \{file\.\/etc\/caddy\/tls\/account-[0-9a-f]{12}\.mac\}$/m);
    });

    test("another certificate of the authority is another configuration, which Caddy loads", () => {
        const text = (caCertificate: string) => {
            const authorities = [{ directory: "https://ca.example/dir", caCertificate }];
            return renderCaddyfile({ tls: { mode: "acme", email: "it@lab.example", authorities }, serverName });
        };
        assert.notEqual(text("PEM OF A ROOT"), text("PEM OF ITS SUCCESSOR"));
    });

    test("never waits for ever for open websockets when it reloads", () => {
        assert.match(renderCaddyfile({ tls: { mode: "internal" }, serverName }), /grace_period 30s/);
    });
});
