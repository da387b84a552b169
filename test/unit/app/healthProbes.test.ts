import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { hostname } from "node:os";
import { test } from "node:test";
import { execa } from "execa";
import { appServices } from "../../../components/app/appCompose.ts";
import { placeOnServer } from "../../../components/targets/server/appNames.ts";

const services = appServices({
    place: placeOnServer("recall"),
    image: "registry.example/recall@sha256:0",
    images: { redis: "redis:8", database: "pgbouncer" },
    workers: 1,
    clock: false,
    limits: {},
    labels: {},
    release: "0",
});

/** Whether a service counts as healthy when whoever it asks answers so; and what it has asked. */
async function probed(service: string, address: [host: string, port: number], answer: string) {
    let asked = "";
    const listener = createServer((socket: Socket) => {
        socket.on("data", (data) => {
            asked += data.toString();
            socket.end(answer);
        });
    });
    await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
    const { port } = listener.address() as { port: number };
    const { test: command } =
        (services[service]?.healthcheck as { test: string[] } | undefined) ?? assert.fail(service);
    const [, program = "", ...args] = command.map((word) =>
        word.replace(`'${address[0]}', ${address[1]}`, `'127.0.0.1', ${port}`),
    );
    const { exitCode, stderr } = await execa(program, args, { reject: false });
    listener.close();
    assert.doesNotMatch(stderr, /SyntaxError/);
    return { healthy: exitCode === 0, asked };
}

test("the web is healthy when it answers 200, and only then", async () => {
    const web = (answer: string) => probed("web", ["127.0.0.1", 5000], answer);
    assert.deepEqual(await web("HTTP/1.1 200 OK\r\n\r\n"), {
        healthy: true,
        asked: "GET /robots.txt HTTP/1.0\r\n\r\n",
    });
    for (const answer of ["HTTP/1.1 500 Internal Server Error\r\n\r\n200 ", "HTTP/1.1 302 FOUND\r\n\r\n", ""]) {
        assert.equal((await web(answer)).healthy, false, answer);
    }
});

test("a worker is healthy when Redis says that one of its host is registered, and only then", async () => {
    const worker = (answer: string) => probed("worker", ["dlgr-app-recall-redis", 6379], answer);
    const { healthy, asked } = await worker(":1\r\n");
    assert.ok(healthy);
    assert.match(
        asked,
        new RegExp(`^EVAL "for _, w in ipairs\\(redis\\.call\\('smembers', 'rq:workers'\\)\\).*" 0 ${hostname()}\r\n$`),
    );
    for (const answer of [":0\r\n", "-ERR unknown command\r\n", ""])
        assert.equal((await worker(answer)).healthy, false, answer);
});
