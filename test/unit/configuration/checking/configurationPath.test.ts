import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { suite, test } from "node:test";
import { closestKey } from "../../../../components/configuration/checking/closestKey.ts";
import {
    configurationPath,
    removeCommand,
    setCommand,
    setSecretCommand,
} from "../../../../components/configuration/checking/configurationPath.ts";

suite("configuration paths", () => {
    test("are those of pulumi config --path", () => {
        assert.equal(configurationPath("server"), "dallinger:server");
        assert.equal(configurationPath("server", "tls", "mode"), "dallinger:server.tls.mode");
        assert.equal(configurationPath("experiment", "hostnames", 0), "dallinger:experiment.hostnames[0]");
        assert.equal(configurationPath("settings", 'chrome-"path"'), 'dallinger:settings["chrome-\\"path\\""]');
    });

    test("stay one word in a shell, as values do", () => {
        const words = ["a b", "it's", "$HOME", "`id`", "a\\b", "é…", "; true", ""];
        for (const word of words) {
            const path = configurationPath("settings", word);
            const commands = [setCommand(path, word), setSecretCommand(path), removeCommand(path)];
            const script = commands.map((command) => command.replace(/^pulumi/, "printf '%s\\n'")).join("\n");
            const printed = execFileSync("sh", ["-c", script], { encoding: "utf8" });
            const expected = [
                "config",
                "set",
                "--path",
                path,
                word,
                "config",
                "set",
                "--secret",
                "--path",
                path,
                "config",
                "rm",
                "--path",
                path,
            ];
            assert.equal(printed, `${expected.join("\n")}\n`);
        }
    });
});

suite("the closest key", () => {
    const known = ["host", "hostKey", "dnsHost", "mode", "recruiter", "recruiters", "title"];
    const cases = {
        hots: "host",
        Host: "host",
        host_key: "hostKey",
        dns_host: "dnsHost",
        moed: "mode",
        recruter: "recruiter",
        titel: "title",
        tls: undefined,
        "": undefined,
        zzzzzzzz: undefined,
    };
    for (const [key, expected] of Object.entries(cases)) {
        test(`of ${JSON.stringify(key)} is ${expected ?? "none"}`, () =>
            assert.equal(closestKey(key, known), expected));
    }
});
