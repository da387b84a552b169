import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { execa } from "execa";
import { askHost } from "../../../../../components/targets/server/reach/askHost.ts";

const hostname = "recall.lab.example";

suite("asking a host for its page", () => {
    let certificate: { key: string; cert: string };
    const servers: (Server | TlsServer)[] = [];

    before(async () => {
        const folder = await mkdtemp(join(tmpdir(), "reach-"));
        const files = ["-keyout", join(folder, "key"), "-out", join(folder, "cert")];
        const subject = ["-subj", "/CN=test", "-addext", `subjectAltName=DNS:${hostname}`];
        const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
        await execa("openssl", ["req", "-x509", ...kind, ...subject, ...files]);
        certificate = {
            key: await readFile(join(folder, "key"), "utf8"),
            cert: await readFile(join(folder, "cert"), "utf8"),
        };
        await rm(folder, { recursive: true });
    });

    after(() => {
        for (const server of servers) server.close();
    });

    /** Asks a server of this machine's under the host's name. */
    async function ask(server: Server | TlsServer, given: { trusted?: string[]; patience?: number } = {}) {
        servers.push(server);
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        const resolve = async () => ["127.0.0.1"];
        const { trusted = [certificate.cert], patience = 5_000 } = given;
        return await askHost(hostname, { resolve, trusted, port, patience });
    }

    const answering = (status: number, seen: string[] = []) => {
        const SNICallback = (name: string, done: (error: Error | null) => void) => {
            seen.push(name);
            done(null);
        };
        return createTlsServer({ ...certificate, SNICallback }, (asked, answer) => {
            seen.push(asked.url ?? "", asked.headers.host ?? "");
            answer.writeHead(status).end("page");
        });
    };
    const failure = (found: Awaited<ReturnType<typeof askHost>>) =>
        found.kind === "failed" ? found.attempts[0]?.failure : assert.fail(`found ${found.kind}`);

    test("finds it by name, over TLS verified against that name", async () => {
        const seen: string[] = [];
        assert.deepEqual(await ask(answering(200, seen)), { kind: "reached", address: "127.0.0.1" });
        assert.deepEqual(seen, [hostname, "/robots.txt", hostname]);
    });

    test("tells another status", async () => {
        assert.deepEqual(failure(await ask(answering(502))), { kind: "status", status: 502 });
    });

    test("tells a certificate that nobody vouches for, and one for another name", async () => {
        assert.equal(failure(await ask(answering(200), { trusted: [] }))?.kind, "untrusted");
        const { port } = (servers[0] as Server).address() as AddressInfo;
        const other = { resolve: async () => ["127.0.0.1"], trusted: [certificate.cert], port, patience: 5_000 };
        assert.equal(failure(await askHost("other.lab.example", other))?.kind, "untrusted");
    });

    test("tells what is no TLS at all", async () => {
        const plain = createServer((socket) => socket.end("SSH-2.0-OpenSSH\r\n"));
        assert.equal(failure(await ask(plain))?.kind, "untrusted");
    });

    test("tells a connection that is refused", async () => {
        const closed = createServer().listen(0, "127.0.0.1");
        await once(closed, "listening");
        const { port } = closed.address() as AddressInfo;
        closed.close();
        await once(closed, "close");
        const asking = { resolve: async () => ["127.0.0.1"], trusted: [], port, patience: 5_000 };
        assert.deepEqual(failure(await askHost(hostname, asking)), { kind: "refused" });
    });

    test("does not wait longer than it is told to", async () => {
        const silent = createTlsServer(certificate, () => undefined);
        const begun = performance.now();
        assert.deepEqual(failure(await ask(silent, { patience: 300 })), {
            kind: "broken",
            reason: "no answer in time",
        });
        assert.ok(performance.now() - begun < 5_000);
    });

    test("goes on to the next address", async () => {
        const { port } = (servers[0] as Server).address() as AddressInfo;
        const resolve = async () => ["127.0.0.2", "127.0.0.1"];
        const found = await askHost(hostname, { resolve, trusted: [certificate.cert], port, patience: 5_000 });
        assert.deepEqual(found, { kind: "reached", address: "127.0.0.1" });
    });

    test("tells a name without an address from a name server without an answer", async () => {
        const rest = { trusted: [], port: 443, patience: 5_000 };
        const failing = (code: string) => async () => {
            throw Object.assign(new Error(code), { code });
        };
        assert.deepEqual(await askHost(hostname, { ...rest, resolve: failing("ENOTFOUND") }), { kind: "unknown" });
        assert.deepEqual(await askHost(hostname, { ...rest, resolve: async () => [] }), { kind: "unknown" });
        const undecided = { kind: "undecided", reason: "EAI_AGAIN" };
        assert.deepEqual(await askHost(hostname, { ...rest, resolve: failing("EAI_AGAIN") }), undecided);
    });
});
