import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type ContainerHashesSpec, containerHashes } from "../../../components/experimentApp/containerHashes.ts";
import { fingerprints } from "../../../components/experimentApp/fingerprints.ts";

const spec: ContainerHashesSpec = {
    compose: {
        app: "recall",
        image: "0123abcd",
        images: { redis: "redis:8", pgbouncer: "pgbouncer:1" },
        workers: 1,
        clock: true,
        limits: {},
        labels: {},
        release: "0123abcd",
    },
    settings: { mode: "live" },
    fingerprints: { prolific_api_token: "aa" },
};

/** Services whose hash differs between two specs. */
function restarted(change: Partial<ContainerHashesSpec>, compose: Partial<ContainerHashesSpec["compose"]> = {}) {
    const before = containerHashes(spec);
    const after = containerHashes({ ...spec, ...change, compose: { ...spec.compose, ...compose } });
    return Object.keys(before).filter((service) => before[service] !== after[service]);
}

suite("a preview shows what restarts", () => {
    test("nothing, when nothing changes", () => assert.deepEqual(restarted({}), []));

    test("web, workers and clock with a new image", () => {
        assert.deepEqual(restarted({}, { image: "ffff", release: "ffff" }), ["web", "worker", "clock"]);
    });

    test("web, workers and clock with a changed setting or secret", () => {
        assert.deepEqual(restarted({ settings: { mode: "sandbox" } }), ["web", "worker", "clock"]);
        assert.deepEqual(restarted({ fingerprints: { prolific_api_token: "bb" } }), ["web", "worker", "clock"]);
    });

    test("only workers when their number changes", () => {
        assert.deepEqual(restarted({}, { workers: 3 }), ["worker"]);
    });

    test("only Redis with another image of Redis", () => {
        assert.deepEqual(restarted({}, { images: { redis: "redis:9", pgbouncer: "pgbouncer:1" } }), ["redis"]);
    });
});

suite("a fingerprint", () => {
    test("changes with the secret and with the key, and holds neither", () => {
        const one = fingerprints({ token: "secret" }, "key");
        assert.deepEqual(one, fingerprints({ token: "secret" }, "key"));
        assert.notDeepEqual(one, fingerprints({ token: "other" }, "key"));
        assert.notDeepEqual(one, fingerprints({ token: "secret" }, "another key"));
        assert.match(one.token ?? "", /^[0-9a-f]{16}$/);
    });

    test("of equal secrets with other names differs", () => {
        const { a, b } = fingerprints({ a: "secret", b: "secret" }, "key");
        assert.notEqual(a, b);
    });
});
