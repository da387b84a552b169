import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { makeAuthority, makeCertificate } from "../../unit/configuration/server/certificates.ts";

const hostname = "recall.lab.example";

/** probe.py as it is, but for the port that it takes for that of https. */
const probe = [
    "import http.client, runpy, sys",
    "http.client.HTTPSConnection.default_port = int(sys.argv.pop(1))",
    "sys.argv.pop(0)",
    "runpy.run_path(sys.argv[0], run_name='__main__')",
].join("\n");

suite("the probe of an app's address", () => {
    using authority = makeAuthority();
    const { certificate, key } = authority.issue(hostname);
    const ended = authority.issue(hostname, 0);
    const stranger = makeCertificate(hostname).certificate;
    const folder = mkdtempSync(join(tmpdir(), "probe-"));
    const servers: Server[] = [];
    let [sound, old] = [0, 0];

    before(async () => {
        sound = await serve(certificate, key);
        old = await serve(ended.certificate, ended.key);
        writeFileSync(join(folder, "public.pem"), authority.root);
    });

    after(() => {
        for (const server of servers) server.close();
        rmSync(folder, { recursive: true });
    });

    async function serve(cert: string, ownKey: string): Promise<number> {
        const chain = `${cert}\n${authority.between}`;
        const server = createServer({ cert: chain, key: ownKey }, (_, response) => response.end("a page"));
        servers.push(server);
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return (server.address() as AddressInfo).port;
    }

    /** What it says of the page; nothing when it has got it. */
    async function ask(port: number, trusted: string, { name = hostname, publicly = "" } = {}): Promise<string> {
        const script = join(projectFolder, "templates/app/probe.py");
        const words = [`https://${name}/robots.txt`, "0", "127.0.0.1", Buffer.from(trusted).toString("base64")];
        const env = { SSL_CERT_FILE: publicly, SSL_CERT_DIR: folder };
        const asked = await execa("python3", ["-c", probe, String(port), script, ...words], { env, reject: false });
        return asked.stderr;
    }

    test("takes a certificate by the authority that it is told of", async () => {
        assert.equal(await ask(sound, authority.root), "");
        assert.equal(await ask(sound, `${stranger}\n${authority.root}`), "");
    });

    test("takes one by an authority that is trusted publicly, whatever it is told of besides", async () => {
        const publicly = join(folder, "public.pem");
        assert.equal(await ask(sound, "", { publicly }), "");
        assert.equal(await ask(sound, stranger, { publicly }), "");
    });

    test("takes none by somebody else, for another name, or that has ended", async () => {
        for (const trusted of ["", stranger])
            assert.match(await ask(sound, trusted), /CERTIFICATE_VERIFY_FAILED.*unable to get .*issuer certificate/);
        assert.match(await ask(sound, authority.root, { name: "other.lab.example" }), /Hostname mismatch/);
        assert.match(await ask(old, authority.root), /certificate has expired/);
    });
});

suite("the probe of a worker", () => {
    for (const [name, said, found] of [
        ["takes it for one that works once RQ knows it", ":1", /^$/],
        [
            "does not while RQ does not",
            ":0",
            /redis:\/\/127\.0\.0\.1\/0123456789ab did not answer as it should .*not registered/,
        ],
        ["does not while Redis loads what it holds", "-LOADING Redis is loading the dataset in memory", /LOADING/],
        ["does not without an end of what Redis says", "x".repeat(5000), /did not answer as it should/],
    ] as const) {
        test(name, async () => {
            const redis = net.createServer((asked) => asked.once("data", () => asked.write(`${said}\r\n`)));
            redis.listen(0, "127.0.0.1");
            await once(redis, "listening");
            const port = (redis.address() as AddressInfo).port;
            const script = join(projectFolder, "templates/app/probe.py");
            const moved = `import sys; exec(open(sys.argv.pop(1)).read().replace("6379", "${port}"))`;
            const asked = await execa("python3", ["-c", moved, script, "redis://127.0.0.1/0123456789ab", "0"], {
                reject: false,
            });
            redis.close();
            assert.match(asked.stderr, found);
        });
    }
});
