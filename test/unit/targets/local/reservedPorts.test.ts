import assert from "node:assert/strict";
import { mkdtempDisposable, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ReservedPorts } from "../../../../components/targets/local/reservedPorts.ts";

const now = new Date("2026-11-29T12:00:00Z");
const minutesLater = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

test("two experiments that are made at once do not choose the same port", async () => {
    await using data = await mkdtempDisposable(join(tmpdir(), "ports-"));
    const place = { XDG_DATA_HOME: data.path };
    const reserve = async () => await new ReservedPorts(place).reserve(5000, now);
    const got = await Promise.all(Array.from({ length: 20 }, reserve));
    assert.equal(got.filter((mine) => mine).length, 1);
    assert.equal(await new ReservedPorts(place).reserve(5001, now), true);
});

test("a port is kept across the end of a period, and no longer than two", async () => {
    await using data = await mkdtempDisposable(join(tmpdir(), "ports-"));
    const ports = new ReservedPorts({ XDG_DATA_HOME: data.path });
    assert.equal(await ports.reserve(5000, minutesLater(14)), true);
    assert.equal(await ports.reserve(5000, minutesLater(16)), false);
    assert.equal(await ports.reserve(5000, minutesLater(31)), true);
    assert.equal((await readdir(join(data.path, "dallinger-pulumi/ports"))).length, 1, "what is over is forgotten");
});

test("a port that is in use, or was not wanted in the end, can be had again", async () => {
    await using data = await mkdtempDisposable(join(tmpdir(), "ports-"));
    const ports = new ReservedPorts({ XDG_DATA_HOME: data.path });
    await ports.release(5000);
    await ports.reserve(5000, now);
    await ports.release(5000);
    assert.equal(await ports.reserve(5000, now), true);
});
