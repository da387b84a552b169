import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, createServer, get, request } from "node:http";
import type { AddressInfo } from "node:net";
import { suite, test } from "node:test";
import { Course } from "../../support/course.ts";

/** Answers "/" and breaks off whatever else it is asked, in the middle of the body or before. */
async function server() {
    const made = createServer((asked, answer) => {
        if (asked.url === "/") answer.end("here");
        else if (asked.url === "/half") answer.write("he", () => asked.socket.destroy());
        else asked.socket.destroy();
    });
    made.listen(0, "127.0.0.1");
    await once(made, "listening");
    const { port } = made.address() as AddressInfo;
    return { port, [Symbol.asyncDispose]: async () => void made.close() };
}

/** The course of a request, once it is over. */
async function courseOf(port: number, path: string, agent: Agent | false = false): Promise<string> {
    const sent = request({ host: "127.0.0.1", port, path, method: "POST", agent });
    const course = new Course().follow(sent);
    sent.on("response", (response) => response.resume().on("error", () => undefined));
    sent.on("error", () => undefined);
    sent.end("text");
    await new Promise((resolve) => sent.on("close", resolve));
    return String(course)
        .replace(/\d+ ms/g, "N ms")
        .replace(/local port \d+/, "local port N");
}

suite("a request is lost and nobody knows how far it had got", () => {
    test("on a new connection that is reset once the request is written", async () => {
        await using there = await server();
        assert.match(
            await courseOf(there.port, "/never"),
            /^new connection \(local port N\): connecting N ms, .*connected N ms, .*ECONNRESET N ms/,
        );
    });

    test("on a kept connection, which is told from a new one", async () => {
        await using there = await server();
        const agent = new Agent({ keepAlive: true });
        await once(
            get({ host: "127.0.0.1", port: there.port, agent }).on("response", (answer) => answer.resume()),
            "close",
        );
        await courseOf(there.port, "/", agent);
        assert.match(
            await courseOf(there.port, "/never", agent),
            /^connection kept \(local port N, after 1 requests, idle for N ms\): request written N ms, ECONNRESET N ms/,
        );
        agent.destroy();
    });

    test("in the middle of its answer", async () => {
        await using there = await server();
        assert.match(await courseOf(there.port, "/half"), /headers with status 200 N ms, body broken off N ms/);
    });

    test("where nobody listens", async () => {
        const gone = await server();
        await gone[Symbol.asyncDispose]();
        assert.match(await courseOf(gone.port, "/"), /connecting N ms, .*ECONNREFUSED N ms/);
    });
});
