import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { renderCaddySite } from "../../../components/targets/server/caddySite.ts";
import { launchPaths } from "../../support/launchPaths.ts";

const toolchain = join(projectFolder, "toolchain/toolchain");
const requestBody = 1024 ** 2;

/** What the web has got. */
interface Arrived {
    readonly line: string;
    readonly headers: IncomingMessage["headers"];
    bytes: number;
    whole: boolean;
}

/** Caddy with the site of an app on this machine, without TLS, before a web that takes everything. */
describe("an app's site in Caddy", () => {
    const resources = new AsyncDisposableStack();
    let port = 0;
    let arrived: Arrived[] = [];

    before(async () => {
        const folder = await mkdtemp(join(tmpdir(), "caddy-site-"));
        resources.defer(() => rm(folder, { recursive: true }));
        const web = createServer((message, response) => {
            const { method, url, headers } = message;
            const one: Arrived = { line: `${method} ${url}`, headers, bytes: 0, whole: false };
            arrived.push(one);
            message.on("data", (data: Buffer) => {
                one.bytes += data.length;
            });
            message.on("end", () => {
                one.whole = true;
                response.end("the web");
            });
            message.on("error", () => undefined);
        });
        await listen(web);
        resources.defer(() => void web.close(() => web.closeAllConnections()));
        await writeFile(join(folder, "web"), `127.0.0.1:${portOf(web)}`);
        port = await freePort();
        const site = renderCaddySite({ app: "recall", hostnames: [`http://127.0.0.1:${port}`], requestBody });
        // Caddy before 2.11 lets every header with an underscore through, and servers keep the Caddy that they have.
        const former = "servers {\nexpected_underscore_headers script_name path_info x_forwarded_for\n}";
        const global = `{\nadmin off\nauto_https off\nstorage file_system ${folder}\n${former}\n}\n(dallinger_tls) {\n}\n`;
        const local = site.replace("{file./etc/caddy/upstreams/recall}", `{file.${folder}/web}`);
        assert.notEqual(local, site);
        await writeFile(join(folder, "Caddyfile"), global + local);
        await execa(toolchain, ["ensure", "--quiet", "caddy"]);
        const { stdout: program } = await execa(toolchain, ["path", "caddy"]);
        const env = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
        const caddy = execa(program, ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"], {
            env,
            reject: false,
            all: true,
        });
        resources.defer(async () => {
            caddy.kill();
            await caddy;
        });
        for (let tries = 0; !(await listens(port)); tries++) {
            await setTimeout(100);
            if (tries < 100) continue;
            caddy.kill();
            assert.fail((await caddy).all);
        }
    });

    after(() => resources.disposeAsync());

    test("refuses /launch, however it is written", async () => {
        arrived = [];
        for (const path of [
            ...launchPaths,
            `http://127.0.0.1:${port}/launch`,
            "/robots.txt/../launch",
            "/a/..%2flaunch",
        ])
            assert.match(await raw(`POST ${path}`), /^HTTP\/1\.1 403 /, path);
        assert.deepEqual(arrived, []);
    });

    test("passes on no path that a web server could take for /launch", async () => {
        arrived = [];
        for (const path of ["/launch#x", "/\\launch", "/launch%00"]) await raw(`POST ${path}`);
        assert.deepEqual(
            arrived.map(({ line }) => line),
            ["POST /launch%23x", "POST /%5Claunch", "POST /launch%00"],
        );
    });

    test("lets nobody outside say where the web is mounted, by which /launch was reached behind gunicorn before 22", async () => {
        arrived = [];
        const headers = ["SCRIPT_NAME", "script_name", "Script-Name", "PATH_INFO", "Path-Info", "X_Forwarded_For"];
        for (const name of headers) await raw("POST /robots.txt/launch", `${name}: /robots.txt`, "Other-Name: kept");
        assert.equal(arrived.length, headers.length);
        for (const one of arrived) {
            assert.equal(one.headers["other-name"], "kept");
            const names = Object.keys(one.headers).filter((name) => /_|^script-name$|^path-info$/.test(name));
            assert.deepEqual(names, []);
            assert.equal(one.headers["x-forwarded-for"], "127.0.0.1");
        }
    });

    test("takes a body as large as may be, and answers a larger one with 413, by whatever way it comes", async () => {
        arrived = [];
        assert.equal(await upload("POST", requestBody), 200);
        assert.deepEqual([arrived[0]?.bytes, arrived[0]?.whole], [requestBody, true]);
        assert.equal(await upload("POST", requestBody + 1), 413);
        assert.equal(await upload("PUT", requestBody + 1, { "Transfer-Encoding": "chunked" }), 413);
        for (const { bytes, whole } of arrived.slice(1)) assert.ok(!whole && bytes <= requestBody);
    });

    test("passes a body on as it comes: Caddy holds none of it", async () => {
        arrived = [];
        const sent = request({
            host: "127.0.0.1",
            port,
            method: "POST",
            path: "/part",
            headers: { "Content-Length": requestBody },
        });
        sent.write(Buffer.alloc(requestBody / 2));
        for (let tries = 0; (arrived[0]?.bytes ?? 0) < requestBody / 2; tries++) {
            assert.ok(tries < 100, "the first half has not arrived before the second is sent");
            await setTimeout(50);
        }
        sent.end(Buffer.alloc(requestBody / 2));
        const [response] = (await once(sent, "response")) as [IncomingMessage];
        assert.deepEqual([response.statusCode, await text(response)], [200, "the web"]);
    });

    /** The status of an upload of so many bytes. */
    async function upload(method: string, bytes: number, headers: Record<string, string> = {}): Promise<number> {
        const length = "Transfer-Encoding" in headers ? {} : { "Content-Length": String(bytes) };
        const sent = request({ host: "127.0.0.1", port, method, path: "/upload", headers: { ...length, ...headers } });
        // Caddy closes a connection that it has answered before all has come.
        sent.on("error", () => undefined);
        sent.end(Buffer.alloc(bytes));
        const [response] = (await once(sent, "response")) as [IncomingMessage];
        response.resume();
        return response.statusCode ?? 0;
    }

    /** What is answered to a request whose line and headers are sent just so. */
    async function raw(line: string, ...headers: string[]): Promise<string> {
        const socket = connect(port, "127.0.0.1");
        const lines = [
            `${line} HTTP/1.1`,
            `Host: 127.0.0.1:${port}`,
            ...headers,
            "Content-Length: 0",
            "Connection: close",
        ];
        socket.write(`${lines.join("\r\n")}\r\n\r\n`);
        return await text(socket);
    }
});

async function listen(server: ReturnType<typeof createServer>): Promise<void> {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
}

function portOf(server: ReturnType<typeof createServer>): number {
    return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
    const server = createServer();
    await listen(server);
    const port = portOf(server);
    await new Promise((closed) => server.close(closed));
    return port;
}

async function listens(port: number): Promise<boolean> {
    const socket = connect(port, "127.0.0.1");
    return await new Promise((answer) => {
        socket.on("connect", () => answer(true));
        socket.on("error", () => answer(false));
    }).then((found) => {
        socket.destroy();
        return found === true;
    });
}
