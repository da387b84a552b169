import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secret } from "@pulumi/pulumi";
import { ExperimentApp, type ExperimentAppArgs } from "../../../../components/targets/server/experimentApp.ts";
import { namesEnvironment } from "../../../../components/targets/server/hostNames/namesEnvironment.ts";
import { Server, type ServerArgs } from "../../../../components/targets/server/server.ts";
import { type Registration, record } from "../../record.ts";
import { args, outputs } from "./exampleApp.ts";

const images = { postgres: "postgres:17", redis: "redis:8", pgbouncer: "pgbouncer:1", caddy: "caddy:2" };
const serverArgs: ServerArgs = { host: "203.0.113.7", hostKey: "ssh-ed25519 AAAA", images, tls: { mode: "internal" } };

const ofApp = async (given: Partial<ExperimentAppArgs> = {}) =>
    (await record(() => new ExperimentApp("experiment", { ...args, ...given }), { outputs })).registered;
const ofServer = async (given: Partial<ServerArgs> = {}) =>
    (await record(() => new Server("server", { ...serverArgs, ...given }), { outputs })).registered;
const named = (registered: readonly Registration[], name: string) => registered.find((one) => one.name === name);
/** The file `names` of a claim's payload. */
const namesOf = (claim: Registration | undefined) => {
    const line = String(claim?.inputs.stdin)
        .split("\n")
        .find((text) => text.startsWith("600 names "));
    return line === undefined ? undefined : Buffer.from(line.split(" ")[2] ?? "", "base64").toString("utf8");
};

suite("host names that have to lead to the server", () => {
    test("are looked up from the operator's machine before anything of the app is made, and told nothing secret", async () => {
        const registered = await ofApp({ privateKey: secret("KEY") });
        const order = registered.map(({ name }) => name);
        assert.ok(order.indexOf("experiment-names") < order.indexOf("experiment-claim"));
        const look = named(registered, "experiment-names");
        assert.equal(look?.inputs.create, "node components/targets/server/hostNames/programs/lookUpNames.ts");
        assert.deepEqual(look?.secrets, ["stdin"]);
        const { issuer, ...request } = namesEnvironment.read(Object(look?.inputs.environment));
        assert.deepEqual(request, {
            ...{ hostnames: ["recall.203-0-113-7.nip.io"], addresses: [] },
            ...{ host: "203.0.113.7", port: 22, user: "debian", hostKey: "ssh-ed25519 AAAA" },
        });
        assert.notEqual(issuer, "");
    });

    test("are looked up on the server by the app's claim, the first that comes there", async () => {
        const names = namesOf(named(await ofApp(), "experiment-claim"));
        assert.match(names ?? "", /^host 203\.0\.113\.7\nissuer .*\nname recall\.203-0-113-7\.nip\.io\n$/);
    });

    test("are looked up there alone, where this machine does not see what participants do", async () => {
        const registered = await ofApp({ checkFromHere: false });
        assert.equal(named(registered, "experiment-names"), undefined);
        assert.match(namesOf(named(registered, "experiment-claim")) ?? "", /^name recall/m);
    });

    const server = args.server as Extract<typeof args.server, { host: string }>;
    const changes = [
        ["another host name", { hostnames: ["recall.203-0-113-7.nip.io", "study.lab.example"] }],
        ["another address of the server", { server: { ...server, host: "203.0.113.8" } }],
        ["other addresses that they may resolve to", { server: { ...server, addresses: ["203.0.113.9"] } }],
        ["another kind of authority", { server: { ...server, tls: "acme" as const } }],
        ["another authority", { server: { ...server, caCertificate: "ANOTHER PEM" } }],
    ] as const;
    for (const [title, change] of changes) {
        test(`are looked up again with ${title}, on both sides`, async () => {
            const before = await ofApp();
            const after = await ofApp(change as Partial<ExperimentAppArgs>);
            const environment = (all: readonly Registration[]) => named(all, "experiment-names")?.inputs.environment;
            assert.ok(environment(before) && environment(after));
            assert.notDeepEqual(environment(after), environment(before));
            const claimed = (all: readonly Registration[]) => namesOf(named(all, "experiment-claim"));
            assert.match(claimed(before) ?? "", /^name recall/m);
            assert.notEqual(claimed(after), claimed(before));
        });
    }

    test("are not looked up again with another release", async () => {
        const change = { image: "registry.example/recall@sha256:bb", contentHash: "4567", settings: { mode: "debug" } };
        const before = await ofApp();
        const after = await ofApp(change);
        for (const name of ["experiment-names", "experiment-claim"]) {
            assert.deepEqual(named(after, name)?.inputs, named(before, name)?.inputs);
        }
    });

    test("that a stack's own server is to have are looked up before that is prepared, and once", async () => {
        const registered = await ofServer({ hostnames: ["recall.lab.example"], addresses: ["198.51.100.7"] });
        const order = registered.map(({ name }) => name);
        assert.ok(order.indexOf("server-names") < order.indexOf("server-claim"));
        assert.equal(
            namesOf(named(registered, "server-claim")),
            "host 203.0.113.7\naddress 198.51.100.7\nissuer internal\nname recall.lab.example\n",
        );
        const app = await ofApp({ hostnamesAreServers: true });
        assert.equal(named(app, "experiment-names"), undefined);
        assert.equal(namesOf(named(app, "experiment-claim")), undefined);
    });

    test("that a stack's own server is to have do not show as a change of that server", async () => {
        const component = named(await ofServer({ hostnames: ["recall.lab.example"] }), "server");
        assert.ok(!("hostnames" in Object(component?.inputs)));
    });

    test("are none of a server without apps", async () => {
        const registered = await ofServer();
        assert.equal(named(registered, "server-names"), undefined);
        assert.equal(namesOf(named(registered, "server-claim")), undefined);
    });
});
