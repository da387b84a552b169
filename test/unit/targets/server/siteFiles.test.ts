import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ServerOutput } from "../../../../components/configuration/server/serverOutput.ts";
import { siteFiles } from "../../../../components/targets/server/appPayloads.ts";
import { resolveApp } from "../../../../components/targets/server/appSpec.ts";

const server: ServerOutput = {
    id: "server-id",
    layout: 1,
    host: "203.0.113.7",
    port: 22,
    user: "debian",
    hostKey: "ssh-ed25519 AAAA",
    dnsHost: "lab.example",
    platform: "linux/amd64",
    caCertificate: "",
    images: { redis: "redis:8", pgbouncer: "pgbouncer:1" },
};

/** What the payload says of trust and patience. */
function payload(told: Partial<ServerOutput>): Readonly<Record<string, string>> {
    const spec = resolveApp({
        app: "recall",
        server: { ...server, ...told },
        contentHash: "0123abcd",
        hostnames: ["recall.lab.example"],
        settings: {},
    });
    const files = siteFiles(spec).filter(({ path }) => path !== "site.caddy" && path !== "urls");
    return Object.fromEntries(files.map(({ path, content }) => [path, content]));
}

suite("the payload of site.sh", () => {
    test("a certificate of a private authority is verified with that one's, not with Caddy's own", () => {
        const told = payload({ tls: "acme", caCertificate: "PEM OF THE AUTHORITY" });
        assert.deepEqual(told, { patience: "300", "authorities.pem": "PEM OF THE AUTHORITY" });
    });

    test("a certificate of one's own is verified with who has signed it, where that is named", () => {
        const told = payload({ tls: "custom", caCertificate: "PEM OF THE AUTHORITY" });
        assert.deepEqual(told, { patience: "300", "authorities.pem": "PEM OF THE AUTHORITY" });
        assert.deepEqual(payload({ tls: "custom" }), { patience: "300" });
    });

    test("a public certificate needs nothing, and minutes", () => {
        assert.deepEqual(payload({ tls: "acme" }), { patience: "300" });
        assert.deepEqual(payload({}), { patience: "300" });
    });

    test("stays what it was on a server that an older version has brought up", () => {
        const before = { patience: "60", internal: "" };
        assert.deepEqual(payload({ caCertificate: "PEM OF CADDY" }), before);
        assert.deepEqual(payload({ tls: "internal", caCertificate: "PEM OF CADDY" }), before);
    });
});
