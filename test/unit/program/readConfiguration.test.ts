import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Config, isSecret, log, type Output, output, runtime } from "@pulumi/pulumi";
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
    assert.equal(built.settings?.environment.recruiter, recruiter);
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

test("what is secret is an output that the engine encrypts, and stands nowhere else", async (t) => {
    const { PULUMI_CONFIG_SECRET_KEYS: before } = process.env;
    t.after(() => {
        if (before === undefined) delete process.env.PULUMI_CONFIG_SECRET_KEYS;
        else process.env.PULUMI_CONFIG_SECRET_KEYS = before;
    });
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(
        ["secrets", "serverSecrets", "experimentSecrets"].map((block) => `dallinger:${block}`),
    );
    const { built } = await record(async () => {
        const experiment = {
            path: "examples/recall",
            name: "recall",
            image: { repository: "ghcr.io/lab/recall", registryUser: "lab" },
            backup: { repository: { url: "s3:https://s3.lab.example/backups" } },
        };
        const secrets = { prolific_api_token: "t0ken-of-prolific", dashboard_password: "w0rd-of-dashboard" };
        const serverSecrets = { registryPassword: "w0rd-of-registry" };
        const experimentSecrets = {
            ...{ backupPassword: "w0rd-of-backups", backupAccessKeyId: "w0rd-of-store" },
            ...{ backupSecretAccessKey: "w0rd-of-store" },
        };
        const blocks = { server: SERVER, experiment, settings: { mode: "sandbox", recruiter: "hotair" } };
        for (const [block, value] of Object.entries(blocks))
            runtime.setConfig(`dallinger:${block}`, JSON.stringify(value));
        for (const [block, value] of Object.entries({ secrets, serverSecrets, experimentSecrets }))
            runtime.setConfig(`dallinger:${block}`, JSON.stringify(value));
        const read = await readConfiguration(new Config("dallinger"));
        const { serverSecrets: server, experimentSecrets: opening, settings, ...rest } = read;
        const { secretEnvironment, ...plain } = settings ?? {};
        const outputs: Output<unknown>[] = [...Object.values(server), output(opening), output(secretEnvironment)];
        assert.equal(outputs.length, 3);
        for (const one of outputs) {
            assert.ok(await isSecret(one));
        }
        return JSON.stringify({ rest, plain });
    });
    assert.doesNotMatch(built, /t0ken-of-prolific|w0rd-of/);
});
