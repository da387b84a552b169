import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveApp } from "../../../../components/targets/server/appSpec.ts";
import { check } from "../../configuration/rawConfiguration.ts";
import { args } from "./exampleApp.ts";

test("an app of a program of one's own has the defaults of the configuration: workers got 300 s there and 600 s here", () => {
    const { experiment } = check({}).configuration ?? {};
    const { app, contentHash } = args;
    const server = {
        ...{ id: "", layout: 1, host: "203.0.113.7", port: 22, user: "root", hostKey: "", dnsHost: "" },
        ...{ platform: "linux/amd64" as const, caCertificate: "", images: { redis: "", pgbouncer: "" } },
    };
    const spec = resolveApp({
        app: String(app),
        server,
        contentHash: String(contentHash),
        hostnames: [],
        settings: {},
    });
    const { workersTimeout, requestBody, freeSpace, retainedReleases: keep, healthyWithin, quietWithin } = spec;
    assert.deepEqual(
        {
            backup: { workersTimeout },
            limits: { freeSpace, requestBody },
            releases: { keep, healthyWithin, quietWithin },
        },
        { backup: experiment?.backup, limits: experiment?.limits, releases: experiment?.releases },
    );
});
