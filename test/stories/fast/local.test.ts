import assert from "node:assert/strict";
import { test } from "node:test";
import { execa } from "execa";
import { checkout, equippedServer } from "../../support/testLab.ts";

/** It plays at a machine of the lab: what is there on the loopback, only who sits there sees. */
test("an experiment runs on the machine of who works on it", async () => {
    const lab = process.env.DALLINGER_E2E_LAB ?? "";
    await execa("lab/lab", ["laptop", lab], { cwd: checkout });
    await using server = await equippedServer("local");
    const story = ["node", "--test", "--test-force-exit", "test/stories/steps/local/play.ts"];
    const { exitCode, all } = await execa("lab/lab", ["laptop", lab, ...story], {
        cwd: checkout,
        all: true,
        reject: false,
        env: { NODE_TEST_CONTEXT: undefined, DALLINGER_E2E_SERVER: server.name },
    });
    process.stdout.write(`${all}\n`);
    assert.equal(exitCode, 0, all);
});
