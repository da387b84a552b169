import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parse } from "yaml";
import { type AppComposeSpec, appServices, renderAppCompose } from "../../../components/app/appCompose.ts";
import { placeOnServer } from "../../../components/targets/server/appNames.ts";

const spec: AppComposeSpec = {
    place: placeOnServer("recall"),
    image: `registry.example/recall@sha256:${"a".repeat(64)}`,
    images: { redis: "redis:8", database: "edoburu/pgbouncer:v1" },
    workers: 3,
    clock: true,
    limits: { memory: "2g", cpus: 1.5 },
    labels: { "dallinger.app": "recall" },
    release: "0123abcd",
};

suite("the compose file of an app", () => {
    const file = parse(renderAppCompose(spec));

    test("runs every process from the one image, pinned by digest", () => {
        for (const service of ["web", "worker", "clock"]) assert.equal(file.services[service].image, spec.image);
    });

    test("has as many workers as asked for, and a clock only when asked for", () => {
        assert.equal(file.services.worker.scale, 3);
        assert.ok(!("clock" in appServices({ ...spec, clock: false })));
    });

    test("lets pgbouncer out of the private network, and nothing of the experiment's", () => {
        const outside = Object.entries(appServices(spec)).filter(([, service]) => "server" in Object(service.networks));
        assert.deepEqual(outside.map(([name]) => name).toSorted(), ["pgbouncer"]);
    });

    test("publishes no port", () => {
        for (const service of Object.values(appServices(spec))) assert.ok(!("ports" in service));
    });

    test("gives every container an init, rotated logs, limits, a label and a restart policy", () => {
        for (const [name, service] of Object.entries<Record<string, unknown>>(file.services)) {
            assert.equal(service.init, true, name);
            assert.equal(service.restart, "unless-stopped", name);
            assert.equal(service.mem_limit, "2g", name);
            assert.equal(service.cpus, 1.5, name);
            assert.equal(Object(service.labels)["dallinger.app"], "recall", name);
            assert.equal(Object(service.logging).options["max-size"], "10m", name);
        }
    });

    test("changes nothing of Redis and pgbouncer with a new image", () => {
        const { redis, pgbouncer } = appServices(spec);
        const next = appServices({ ...spec, image: "other", release: "ffff" });
        assert.deepEqual([next.redis, next.pgbouncer], [redis, pgbouncer]);
    });

    test("uses host names that no other app has: Caddy is in the networks of all", () => {
        const [web, other] = [spec, { ...spec, place: placeOnServer("recall-web") }].map((one) =>
            Object(appServices(one).web?.networks),
        );
        assert.deepEqual(web.app.aliases, ["dlgr-app-recall-web"]);
        assert.deepEqual(other.app.aliases, ["dlgr-app-recall-web-web"]);
    });
});
