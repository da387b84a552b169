import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parse } from "yaml";
import { renderServerCompose } from "../../../components/server/serverCompose.ts";

suite("the shared services", () => {
    const text = renderServerCompose({
        serverId: "id",
        images: { postgres: "postgres:17", caddy: "caddy:2" },
    });
    const { services, volumes, networks } = parse(text);

    test("publish the web's ports and nothing else", () => {
        assert.deepEqual(services.caddy.ports, ["80:80", "443:443", "443:443/udp"]);
        assert.ok(!("ports" in services.postgres));
    });

    test("keep certificates and databases in named volumes, PostgreSQL's by a name that the server chooses", () => {
        const names = Object.values<{ name: string }>(volumes).map(({ name }) => name);
        assert.deepEqual(names, ["@postgres-volume@", "dlgr-server-caddy-data", "dlgr-server-caddy-config"]);
    });

    test("carry the server's id as a label", () => {
        for (const thing of [services.caddy, services.postgres, networks.default, networks.access]) {
            assert.equal(thing.labels["dallinger.server"], "id");
        }
    });

    test("keep Caddy out of PostgreSQL's network, and its way out the same when it joins an app's", () => {
        assert.deepEqual(Object.keys(services.caddy.networks), ["access"]);
        assert.ok(!("networks" in services.postgres));
        assert.ok(networks.access.name < "dlgr-app-");
    });

    test("mount a folder into Caddy, never a single file", () => {
        assert.ok(services.caddy.volumes.includes("./caddy:/etc/caddy:ro"));
    });
});
