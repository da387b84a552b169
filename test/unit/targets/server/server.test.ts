import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { secret } from "@pulumi/pulumi";
import { Server, type ServerArgs } from "../../../../components/targets/server/server.ts";
import { serverContainers } from "../../../../components/targets/server/serverContainers.ts";
import { type Recording, type Registration, record } from "../../record.ts";

const args: ServerArgs = {
    host: "203.0.113.7",
    user: "debian",
    hostKey: "ssh-ed25519 AAAA",
    images: { postgres: "postgres:17", redis: "redis:8", pgbouncer: "pgbouncer:1", caddy: "caddy:2" },
    privateKey: secret("PRIVATE KEY OF THE STACK"),
};

const redis = `redis@sha256:${"d".repeat(64)}`;

const outputs = ({ type, name }: Registration): Record<string, unknown> =>
    type.startsWith("random:")
        ? { result: "5f0c-server-id" }
        : name === "server-images"
          ? { stdout: `postgres:17 sha256:${"0".repeat(64)}\nredis:8 ${redis}`, stderr: "" }
          : { stdout: Buffer.from("PEM OF CADDY").toString("base64"), stderr: "" };

suite("Server", () => {
    let recording: Recording<Server>;
    const command = (noun: string) => {
        const found = recording.registered.find(({ name }) => name === `server-${noun}`);
        assert.ok(found, noun);
        return found;
    };
    before(async () => {
        recording = await record(() => new Server("server", args), { outputs });
    });

    test("is a claim, what images mean and the services, below the component", () => {
        const root = "dallinger:index:Server";
        assert.deepEqual(recording.tree.toSorted(), [
            `${root} server`,
            `${root}$command:remote:Command server-claim`,
            `${root}$command:remote:Command server-images`,
            `${root}$command:remote:Command server-services`,
            `${root}$random:index/randomUuid:RandomUuid server-id`,
        ]);
    });

    test("sends a key of the stack's own encrypted, and keeps it out of the component's arguments", () => {
        for (const noun of ["claim", "images", "services"]) assert.deepEqual(command(noun).secrets, ["connection"]);
        const component = recording.registered.find(({ type }) => type === "dallinger:index:Server");
        assert.ok(!JSON.stringify(component?.inputs).includes("PRIVATE KEY"));
    });

    test("sends the keys of accounts with authorities encrypted, and keeps them out of the component's arguments", async () => {
        const authorities = [{ directory: "https://ca.example/dir", externalAccount: "kid-1" }];
        const tls = { mode: "acme" as const, email: "it@lab.example", authorities };
        const externalAccountKeys = secret({ "kid-1": "THE MAC KEY" });
        const { registered } = await record(() => new Server("server", { ...args, tls, externalAccountKeys }), {
            outputs,
        });
        const services = registered.find(({ name }) => name === "server-services");
        assert.deepEqual(services?.secrets.toSorted(), ["connection", "stdin"]);
        const others = registered.filter((one) => one !== services);
        assert.ok(!JSON.stringify(others).includes("THE MAC KEY"));
    });

    test("announces in a preview what restarts", () => {
        const component = recording.registered.find(({ type }) => type === "dallinger:index:Server");
        assert.deepEqual(
            component?.inputs.containers,
            serverContainers({ postgres: "postgres:17", caddy: "caddy:2" }, {}),
        );
    });

    test("tells a first claim from a later one, which must find its own server", () => {
        assert.match(String(command("claim").inputs.create), /^exec sh -s create$/);
        assert.match(String(command("claim").inputs.update), /^exec sh -s update$/);
    });

    test("keeps unfetched backups unless the configuration gives them up", async () => {
        assert.match(String(command("claim").inputs.delete), /bin\/server remove keep </);
        const discarding = await record(() => new Server("server", { ...args, discardBackups: true }), { outputs });
        const claim = discarding.registered.find(({ name }) => name === "server-claim");
        assert.match(String(claim?.inputs.delete), /bin\/server remove discard </);
    });

    test("tells other stacks everything they need and no secret", async () => {
        const server = await new Promise((resolve) => recording.built.server.apply(resolve));
        assert.deepEqual(server, {
            id: "5f0c-server-id",
            layout: 2,
            host: "203.0.113.7",
            port: 22,
            user: "debian",
            hostKey: "ssh-ed25519 AAAA",
            dnsHost: "",
            platform: "linux/amd64",
            tls: "internal",
            caCertificate: "PEM OF CADDY",
            images: { redis: "redis:8", pgbouncer: "pgbouncer:1" },
            pinned: { redis, pgbouncer: "" },
        });
    });
});
