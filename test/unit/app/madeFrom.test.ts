import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import { madeFrom, renderMadeFrom } from "../../../components/app/madeFrom.ts";

const services = { redis: { image: "redis:8" }, web: { image: "a" }, worker: { image: "a", scale: 3 } };
const environments = { web: { title: "x" }, worker: { title: "x" } };
const hashes = (...given: Parameters<typeof madeFrom>) =>
    Object.fromEntries(madeFrom(...given).map(({ service, hash }) => [service, hash]));

suite("what containers are made from", () => {
    const before = hashes(services, environments);

    test("is the same for the same definition and environment", () => {
        assert.deepEqual(hashes(structuredClone(services), structuredClone(environments)), before);
    });

    test("does not change with the number of containers", () => {
        const { worker, ...rest } = services;
        assert.deepEqual(hashes({ ...rest, worker: { ...worker, scale: 5 } }, environments), before);
    });

    test("changes with the environment for the services that are told it, and for no others", () => {
        const after = hashes(services, { ...environments, web: { title: "y" } });
        assert.notEqual(after.web, before.web);
        assert.deepEqual([after.redis, after.worker], [before.redis, before.worker]);
    });

    test("is what it was before texts were quoted, but for a service that was told 1000 where 1_000 is set", () => {
        const former = (service: keyof typeof environments, told: Record<string, string>) =>
            createHash("sha256")
                .update(JSON.stringify([services[service], told]))
                .digest("hex")
                .slice(0, 16);
        const odd = { quoted: "2026-03-01", title: "It's 1_000", number: "1000", hexadecimal: "0x1f", date: "1:30" };
        assert.equal(hashes({ web: services.web }, { web: odd }).web, former("web", odd));
        for (const misread of ["1_000", "0b101", "+0x1F"]) {
            const told = { ...odd, misread };
            assert.notEqual(hashes({ web: services.web }, { web: told }).web, former("web", told));
        }
    });

    test("is told to the server a line each, with the number", () => {
        const lines = renderMadeFrom(madeFrom(services, environments)).split("\n");
        assert.deepEqual(lines, [`redis ${before.redis} 1`, `web ${before.web} 1`, `worker ${before.worker} 3`, ""]);
    });
});
