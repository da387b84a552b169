import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { keepConnection } from "../../../components/program/keepConnection.ts";

test("a program that waits for long asks Pulumi something at least every 15 seconds", async (t) => {
    await pulumi.runtime.setMocks({
        newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
        call: () => ({}),
    });
    const monitor = pulumi.runtime.getMonitor();
    assert.ok(monitor);
    let isOpen = true;
    const ask = t.mock.method(monitor, "supportsFeature", () => {
        if (!isOpen) throw new Error("Channel has been shut down");
    });
    t.mock.timers.enable({ apis: ["setInterval"] });

    keepConnection();
    for (let quarter = 1; quarter <= 4; quarter++) {
        t.mock.timers.tick(14_000);
        assert.ok(ask.mock.callCount() >= quarter, `asked ${ask.mock.callCount()} times in ${quarter * 14} s`);
    }
    isOpen = false;
    t.mock.timers.tick(14_000);
    const asked = ask.mock.callCount();
    t.mock.timers.tick(60_000);
    assert.equal(ask.mock.callCount(), asked, "not where the connection is closed");
});
