import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { appServices } from "../../../components/app/appCompose.ts";
import { renderServices } from "../../../components/app/appEnvironment.ts";
import { type ContainerHashesSpec, containerHashes } from "../../../components/app/containerHashes.ts";
import { fingerprints } from "../../../components/app/fingerprints.ts";
import { plannedImage } from "../../../components/image/build/imageName.ts";
import { placeOnServer } from "../../../components/targets/server/appNames.ts";

const spec: ContainerHashesSpec = {
    app: "recall",
    hostname: "recall.example",
    connections: 50,
    compose: {
        place: placeOnServer("recall"),
        image: "0123abcd",
        images: { redis: "redis:8", database: "pgbouncer:1" },
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

    test("web, workers and clock with another first host name", () => {
        assert.deepEqual(restarted({ hostname: "other.example" }), ["web", "worker", "clock"]);
    });

    test("pgbouncer with another number of connections", () => {
        assert.deepEqual(restarted({ connections: 60 }), ["pgbouncer"]);
    });

    test("only workers when their number changes", () => {
        assert.deepEqual(restarted({}, { workers: 3 }), ["worker"]);
    });

    test("only Redis with another image of Redis", () => {
        assert.deepEqual(restarted({}, { images: { redis: "redis:9", database: "pgbouncer:1" } }), ["redis"]);
    });
});

/** A release as a person configures it. */
const release = fc.record({
    hostname: fc.constantFrom("a.example", "b.example"),
    connections: fc.constantFrom(50, 60),
    settings: fc.constantFrom({ mode: "live" }, { mode: "sandbox" }, { mode: "live", title: "1_000" }),
    secrets: fc.constantFrom({}, { token: "one" }, { token: "1_000" }, { dashboard_password: "one" }),
    repository: fc.constantFrom("ghcr.io/a", "ghcr.io/b", ""),
    contentHash: fc.constantFrom("0".repeat(64), "1".repeat(64)),
    redis: fc.constantFrom("redis:8", "redis:9"),
    database: fc.constantFrom("pgbouncer:1", "pgbouncer:2"),
    workers: fc.constantFrom(1, 2),
    clock: fc.boolean(),
    limits: fc.constantFrom({}, { memory: "1g" }, { cpus: 1.5 }),
});
type Release = typeof release extends fc.Arbitrary<infer T> ? T : never;

function composeOf({ redis, database, workers, clock, limits, contentHash }: Release, image: string) {
    return { ...spec.compose, image, images: { redis, database }, workers, clock, limits, release: contentHash };
}

/** What a preview shows of it. */
function shown(one: Release): Record<string, string> {
    const { hostname, connections, settings, secrets, repository, contentHash } = one;
    const compose = composeOf(one, plannedImage(repository, contentHash));
    const told = fingerprints({ ...secrets }, "key");
    return containerHashes({ app: "recall", hostname, connections, settings, compose, fingerprints: told });
}

/** By what the server knows the containers that may stay. */
function known(one: Release): Record<string, string> {
    const { hostname, connections, settings, secrets, repository, contentHash } = one;
    const digest = `sha256:${contentHash}`;
    const labels = { "dallinger.app": "recall" };
    const compose = { ...composeOf(one, repository === "" ? digest : `${repository}@${digest}`), labels };
    const generated = { id: "id", databasePassword: "a", flaskSecretKey: "b", dashboardPassword: "c" };
    const told = { app: "recall", hostname, connections, settings, secretSettings: { ...secrets }, generated };
    const lines = renderServices({ ...told, place: compose.place, services: appServices(compose) })
        .trim()
        .split("\n");
    return Object.fromEntries(lines.map((line) => [line.split(" ")[0], line]));
}

test("what a preview shows changes exactly where the server makes containers anew", () => {
    fc.assert(
        fc.property(release, release, (one, other) => {
            const differing = (of: (one: Release) => Record<string, string>) => {
                const [before, after] = [of(one), of(other)];
                return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
                    (service) => before[service] !== after[service],
                );
            };
            assert.deepEqual(differing(shown).toSorted(), differing(known).toSorted());
        }),
        { numRuns: 300 },
    );
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
