import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Config, log, runtime } from "@pulumi/pulumi";
import { readConfiguration } from "../../../components/program/readConfiguration.ts";
import { SERVER } from "../configuration/rawConfiguration.ts";
import { record } from "../record.ts";

/** What is warned of while a stack with this recruiter is read; its experiment is the example. */
async function warned(context: TestContext, recruiter: string): Promise<string[]> {
    const told = context.mock.method(log, "warn", async () => undefined);
    const experiment = { path: "examples/recall", name: "recall", image: { repository: "ghcr.io/lab/recall" } };
    const blocks = { server: SERVER, experiment, settings: { mode: "sandbox", recruiter } };
    const { built } = await record(() => {
        for (const [block, value] of Object.entries(blocks))
            runtime.setConfig(`dallinger:${block}`, JSON.stringify(value));
        return readConfiguration(new Config("dallinger"));
    });
    assert.equal(built.settings?.recruiter, recruiter);
    return told.mock.calls.map(({ arguments: [message] }) => String(message));
}

test("a recruiter that Dallinger does not have is told once, in a warning with the command that sets another", async (t) => {
    const [warning, ...others] = await warned(t, "hotiar");
    assert.deepEqual(others, []);
    const [title, line, command] = (warning ?? "").split("\n");
    assert.equal(title, "the configuration of stack test may not be what is meant:");
    assert.match(line ?? "", /^ {2}- dallinger:settings\.recruiter: "hotiar" is none of Dallinger's recruiters/);
    assert.equal(command?.trim(), "pulumi config set --path 'dallinger:settings.recruiter' hotair");
});

test("nothing is told of one that Dallinger has", async (t) => assert.deepEqual(await warned(t, "hotair"), []));
