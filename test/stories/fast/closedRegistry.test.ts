import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { execa } from "execa";
import { type Operator, operatorWith } from "../../support/operator.ts";
import { assertUnchanged, quietServer } from "../../support/serverState.ts";
import { equippedServer, type TestServer, testLab } from "../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../support/testStack.ts";
import { type ClosedRegistry, closedRegistry, dockerConfiguration } from "../steps/closedRegistry/closedRegistry.ts";
import { watchProcesses } from "../steps/closedRegistry/processList.ts";
import { OperatorPlaces } from "../steps/secrets/operatorPlaces.ts";
import { SecretSearch } from "../steps/secrets/secretSearch.ts";
import { initOf, ServerPlaces } from "../steps/secrets/serverPlaces.ts";

/** Each login is asked for by who needs it; in the end both are there, and nobody sees the server's. */
describe("a registry that lets nobody in without a login", () => {
    const resources = new AsyncDisposableStack();
    const since = new Date();
    let registry: ClosedRegistry;
    let server: TestServer;
    let operator: Operator;
    let stack: TestStack;
    let environment: Readonly<Record<string, string>>;

    before(async () => {
        const lab = await testLab();
        registry = resources.use(await closedRegistry(lab));
        server = resources.use(await quietServer("closed-registry", equippedServer));
        const scratch = await mkdtemp(join(tmpdir(), "closed-registry-"));
        resources.defer(() => rm(scratch, { recursive: true }));
        const [backend, temporary] = [join(scratch, "state"), join(scratch, "temporary")];
        await mkdir(backend);
        await mkdir(temporary);
        const { folder } = resources.use(await dockerConfiguration());
        environment = { DOCKER_CONFIG: folder, TMPDIR: temporary };
        operator = resources.use(
            await operatorWith({ key: lab.key, backend, stacks: ["server", "recall"], environment }),
        );
        stack = operator.stack("recall");
        const values = Object.entries(exampleConfiguration(lab, server));
        const block = (isServer: boolean) =>
            Object.fromEntries(values.filter(([path]) => path.startsWith("server.") === isServer));
        await operator.stack("server").configure(block(true));
        const image = { "experiment.image.repository": `${registry.address}/lab/recall` };
        await stack.configure({ ...block(false), ...image, "experiment.on.stack": "server" });
        await operator.stack("server").up();
    });

    after(() => resources.disposeAsync());

    test("asks the operator for one, who is told how to log in, before the server is changed", async () => {
        await assertUnchanged(server, async () => {
            const error = await stack.refusal(() => stack.up());
            const denied = `the push to ${registry.address}/lab/recall was denied: \`docker login ${registry.address}\``;
            assert.ok(error.includes(denied), error);
        });
    });

    test("asks the server for one, which the stack is told how to have", async () => {
        const { user, password } = registry.operator;
        const login = ["login", "--username", user, "--password-stdin", registry.address];
        await execa("docker", login, { env: { ...stack.environment }, input: password });
        const error = await stack.refusal(() => stack.up());
        assert.match(error, /the registry does not have \S+\/lab\/recall@sha256:\S+, or not without a login/);
        assert.match(error, /pulumi config set --path 'dallinger:experiment\.image\.registryUser' USER/);
        assert.match(error, /pulumi config set --secret --path 'dallinger:serverSecrets\.registryPassword'/);
    });

    test("lets the server pull with it, and nobody sees the password", async () => {
        const { user, password } = registry.server;
        await stack.configure({ "experiment.image.registryUser": user });
        await stack.configureSecrets({ "serverSecrets.registryPassword": password });
        const processes = watchProcesses(server);
        let seen = "";
        try {
            await stack.up();
        } finally {
            seen = await processes.end();
        }
        assert.match(seen, /docker --config \S+\/login pull /, "the pull was not seen, and with it nothing");
        assert.deepEqual(await search().texts({ "the server's processes": seen }), []);
        assert.ok((await stack.output("image")).startsWith(`${registry.address}/lab/recall@sha256:`));
    });

    test("leaves no login on the server, and none in the state that is not encrypted", async () => {
        const places = [
            new ServerPlaces(server, await initOf(server), since),
            new OperatorPlaces(stack, await testLab(), since),
        ];
        const found = await Promise.all(places.map((place) => place.search(search())));
        assert.deepEqual(found.flat(), []);
        const folders =
            "find /srv/dallinger /run /root -ignore_readdir_race -name config.json -path '*login*' -o -path '*/.docker/config.json'";
        assert.equal(await server.shell(folders), "");
    });

    test("would have been found out, had it been left there", async () => {
        const { user, password } = registry.server;
        const auth = Buffer.from(`${user}:${password}`).toString("base64");
        await server.shell(
            "mkdir -p /opt/leak && cat >/opt/leak/config.json",
            JSON.stringify({ auths: { it: { auth } } }),
        );
        const found = await new ServerPlaces(server, await initOf(server), since).search(search());
        assert.deepEqual([...new Set(found.map(({ place }) => place))], ["server: /opt/leak/config.json"]);
    });

    test("has it in the way in which an image is looked up, too", async () => {
        const image = await stack.output("image");
        await stack.configure({ "experiment.image.repository": "", "experiment.image.reference": image });
        await stack.up();
        assert.equal(await stack.output("image"), image);
        const wrong = { "serverSecrets.registryPassword": "a password of somebody else" };
        await stack.configureSecrets(wrong);
        const error = await stack.refusal(() => stack.up());
        assert.match(error, /the registry does not have \S+, or not for this login/);
    });

    /** The password, in all its forms. */
    function search(): SecretSearch {
        return new SecretSearch([{ name: "the server's password", value: registry.server.password }]);
    }
});
