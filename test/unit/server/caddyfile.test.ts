import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { renderCaddyfile } from "../../../components/server/caddyfile.ts";

suite("the server's Caddyfile", () => {
    const serverName = "internal.dallinger.lab.example";

    test("makes a CA of Caddy's own with mode internal", () => {
        const text = renderCaddyfile({ tls: { mode: "internal" }, serverName });
        assert.match(text, /\(dallinger_tls\) \{\n\ttls internal\n\}/);
        assert.match(text, /^internal\.dallinger\.lab\.example \{$/m);
    });

    test("asks a public issuer with mode acme, or the one that is named", () => {
        const named = { mode: "acme" as const, email: "it@lab.example", ca: "https://ca.example/dir" };
        const text = renderCaddyfile({ tls: named, serverName });
        assert.match(text, /tls it@lab\.example/);
        assert.match(text, /acme_ca https:\/\/ca\.example\/dir/);
        assert.doesNotMatch(text, /internal/);
    });

    test("never waits for ever for open websockets when it reloads", () => {
        assert.match(renderCaddyfile({ tls: { mode: "internal" }, serverName }), /grace_period 30s/);
    });
});
