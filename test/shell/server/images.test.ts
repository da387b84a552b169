import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { renderPayload } from "../../../components/remote/payload.ts";
import { claimedServer, meaningOf } from "./preparedServer.ts";

type Server = Awaited<ReturnType<typeof claimedServer>>;

const references = ["caddy:2", "postgres:17", "redis:8"];

/** What the verb answers. */
async function ask(server: Server, ...words: string[]): Promise<string> {
    const images = references.map((reference) => `${reference}\n`).join("");
    const payload = renderPayload([
        { path: "engine", content: "distribution" },
        { path: "registry-ca.pem", content: "" },
        { path: "images", content: images },
    ]);
    const { exitCode, stdout, stderr } = await server.run("images", words, words[0] === "apply" ? payload : "");
    assert.equal(exitCode, 0, stderr);
    return stdout;
}

const firstAnswer = references.map((reference) => `${reference} ${meaningOf(reference)}`).join("\n");
const moved = (server: Server) => server.put("machine/newer", "newer");

suite("what the services' images mean", { skip: process.platform !== "linux" }, () => {
    test("is found by digest at the first `up`, and stays that when the tags have moved on", async () => {
        await using server = await claimedServer();
        assert.equal(await ask(server, "apply"), firstAnswer);
        await moved(server);
        await server.calls();
        assert.equal(await ask(server, "apply"), firstAnswer);
        assert.deepEqual(
            (await server.calls()).filter((call) => call.startsWith("pull")),
            [],
        );
    });

    test("is what runs, on a server that a former version has prepared, without a question to a registry", async () => {
        await using server = await claimedServer();
        const { exitCode, stderr } = await server.docker("pull", "-q", "caddy:2");
        assert.equal(exitCode, 0, stderr);
        await moved(server);
        const answer = await ask(server, "apply");
        assert.equal(answer.split("\n")[0], `caddy:2 ${meaningOf("caddy:2")}`);
        assert.equal(answer.split("\n")[1], `postgres:17 ${meaningOf("postgres:17", "newer")}`);
    });

    test("is an id where no registry has the image", async () => {
        await using server = await claimedServer();
        await server.put("machine/images/caddy:2", "sha256:0123");
        assert.match(await ask(server, "apply"), /^caddy:2 sha256:0123$/m);
    });

    test("is told anew when it is asked for, and no tag changes for that", async () => {
        await using server = await claimedServer();
        await server.apply({});
        assert.equal(await ask(server, "anew", "caddy:2"), `caddy:2 ${meaningOf("caddy:2")} same`);
        const tag = await server.read("machine/images/caddy:2");
        await moved(server);
        assert.equal(await ask(server, "anew", "caddy:2"), `caddy:2 ${meaningOf("caddy:2", "newer")} other`);
        assert.equal(await server.read("machine/images/caddy:2"), tag);
    });

    test("does not change where telling it anew fails or is killed in the middle", async () => {
        await using server = await claimedServer();
        await server.apply({});
        const tag = await server.read("machine/images/caddy:2");
        await moved(server);
        await server.put("machine/away", "");
        assert.equal((await server.run("images", ["anew", "caddy:2"])).exitCode, 1);
        assert.equal(await server.read("machine/images/caddy:2"), tag);
        await server.remove("machine/away");
        await server.docker("pull", "-q", "caddy:2"); // all that one has done that was killed
        assert.equal(await ask(server, "anew", "caddy:2"), `caddy:2 ${meaningOf("caddy:2", "newer")} other`);
        assert.equal(await server.read("machine/images/caddy:2"), tag);
    });

    test("decides what the services are made from, also after the tags have moved on", async () => {
        await using server = await claimedServer();
        await server.apply({});
        await server.put("machine/images/caddy:2", "sha256:somebody pulled by hand");
        await server.apply({ mended: "today" });
        assert.match((await server.read("machine/running-images")) ?? "", idOf("caddy:2"));
        await server.apply({ newer: "newer" });
        assert.match((await server.read("machine/running-images")) ?? "", idOf("caddy:2", "newer"));
    });

    test("is what it was again after images that do not get healthy, and the apps' own stay as they are", async () => {
        await using server = await claimedServer();
        await server.apply({});
        const names = ["caddy:2", "postgres:17", "redis:8"].map((name) => `machine/images/${name}`);
        const was = await Promise.all(names.map(server.read));
        const { exitCode } = await server.apply({ caddy: "sick:2", newer: "newer" });
        assert.equal(exitCode, 1);
        assert.deepEqual(await Promise.all(names.map(server.read)), was);
        await server.apply({ newer: "newer" });
        const is = await Promise.all(names.map(server.read));
        assert.deepEqual([is[0] === was[0], is[1] === was[1], is[2] === was[2]], [false, false, true]);
    });

    test("is put back also where a former version of this program has kept no list of it", async () => {
        await using server = await claimedServer();
        await server.apply({});
        const was = await server.read("machine/images/postgres:17");
        await server.remove("server/pinned");
        await server.apply({ caddy: "sick:2", newer: "newer" });
        assert.equal(await server.read("machine/images/postgres:17"), was);
    });
});

function idOf(reference: string, newer = ""): RegExp {
    return new RegExp(`^${reference} ${meaningOf(reference, newer).replace(/.*@/, "")}$`, "m");
}
