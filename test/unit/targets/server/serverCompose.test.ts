import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parse } from "yaml";
import { renderServerCompose } from "../../../../components/targets/server/serverCompose.ts";
import { serverContainers } from "../../../../components/targets/server/serverContainers.ts";

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

    test("have connections for twenty apps that ask for no number of their own, and for who looks after them", () => {
        const [, number] = /^max_connections=(\d+)$/m.exec(services.postgres.command.join("\n")) ?? [];
        assert.ok(Number(number) - 3 >= 20 * 50, number);
    });

    test("have PostgreSQL read who gets in from files that are loaded without a restart", () => {
        for (const file of ["hba_file=/etc/dallinger/pg_hba.conf", "ident_file=/etc/dallinger/pg_ident.conf"]) {
            assert.ok(services.postgres.command.includes(file), file);
        }
    });

    test("mount a folder into Caddy, never a single file", () => {
        assert.ok(services.caddy.volumes.includes("./caddy:/etc/caddy:ro"));
    });
});

suite("a preview of a server shows which shared service restarts", () => {
    const images = { postgres: "postgres:17", caddy: "caddy:2" };
    const before = serverContainers(images, {});

    test("none when nothing changes, whatever else there is to its images", () => {
        assert.deepEqual(serverContainers({ ...images, ...{ redis: "redis:8" } }, {}), before);
        assert.deepEqual(Object.keys(before), ["postgres", "caddy"]);
        for (const hash of Object.values(before)) assert.match(hash, /^[0-9a-f]{12}$/);
    });

    for (const service of ["postgres", "caddy"] as const) {
        test(`only ${service} with another image of it`, () => {
            const after = serverContainers({ ...images, [service]: "other:1" }, {});
            assert.deepEqual(
                Object.keys(after).filter((name) => after[name] !== before[name]),
                [service],
            );
        });

        test(`only ${service} where its tag was resolved anew`, () => {
            const digest = `sha256:${"a".repeat(64)}`;
            const after = serverContainers(images, { [service]: `${images[service]}@${digest}` });
            assert.deepEqual(
                Object.keys(after).filter((name) => after[name] !== before[name]),
                [service],
            );
            assert.deepEqual(serverContainers(images, { [service]: `other:1@${digest}` }), before);
        });
    }
});
