import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { checkServerOutput } from "../../../../components/configuration/server/serverOutput.ts";
import { CERTIFICATE, HOST_KEY } from "../rawConfiguration.ts";

const OUTPUT = {
    id: "q7wm2k",
    layout: 1,
    host: "203.0.113.7",
    port: 22,
    user: "debian",
    hostKey: HOST_KEY,
    dnsHost: "",
    platform: "linux/amd64",
    caCertificate: CERTIFICATE,
    images: { redis: "redis:8", pgbouncer: "edoburu/pgbouncer:v1.25.2-p0" },
};

suite("the output of a server's stack", () => {
    test("is taken as it is", () => {
        assert.deepEqual(checkServerOutput(OUTPUT, "lab1"), { server: OUTPUT, problems: [] });
    });

    test("may say more than this version reads, which is left out", () => {
        assert.deepEqual(checkServerOutput({ ...OUTPUT, later: 1 }, "lab1").server, OUTPUT);
    });

    test("may say who issues the certificates; one of an older version does not", () => {
        assert.deepEqual(checkServerOutput({ ...OUTPUT, tls: "acme" }, "lab1").server, { ...OUTPUT, tls: "acme" });
    });

    test("may say by which names and addresses the apps are found; one of an older version does not", () => {
        const said = { ...OUTPUT, wildcard: "sslip.io", addresses: ["203.0.113.7", "2001:db8::7"] };
        assert.deepEqual(checkServerOutput(said, "lab1").server, said);
    });

    for (const output of [undefined, null]) {
        test(`that is ${output} is one problem that names the stack and what it needs`, () => {
            const { server, problems } = checkServerOutput(output, "org/dallinger/lab1");
            assert.equal(server, undefined);
            assert.deepEqual(problems, [
                {
                    path: "dallinger:experiment.on.stack",
                    message:
                        'stack org/dallinger/lab1 has no output "server": it prepares no server, or was never brought up',
                    fix: "pulumi up --stack org/dallinger/lab1",
                },
            ]);
        });
    }

    for (const [key, value] of Object.entries({
        id: "",
        layout: "1",
        host: "a b",
        port: 0,
        user: "",
        hostKey: "ssh-rsa AAAA",
        dnsHost: "a_b",
        platform: "x",
        tls: "public",
        wildcard: "a_b",
        addresses: [],
        caCertificate: 1,
        images: {},
    })) {
        test(`with a wrong ${key} is one problem that names it`, () => {
            const { server, problems } = checkServerOutput({ ...OUTPUT, [key]: value }, "lab1");
            assert.equal(server, undefined);
            assert.equal(problems.length, 1);
            assert.match(problems[0]?.message ?? "", new RegExp(`stack lab1 .*not right: ${key}`));
        });
    }

    test("that is encrypted for somebody else, and so empty, is one problem", () => {
        assert.match(checkServerOutput({}, "lab1").problems[0]?.message ?? "", /not right: id, layout, host/);
        assert.match(checkServerOutput("x", "lab1").problems[0]?.message ?? "", /not a map/);
    });
});
