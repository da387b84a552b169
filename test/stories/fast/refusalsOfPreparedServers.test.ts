import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { countConnections } from "../../support/connections.ts";
import { operatorWith } from "../../support/operator.ts";
import { assertRefused } from "../../support/refusal.ts";
import { pretendServerStack } from "../../support/serverStack.ts";
import { assertUnchanged, quietServer } from "../../support/serverState.ts";
import { equippedServer, type TestServer, testLab } from "../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../support/testStack.ts";

/**
 * Two labs with a stack `both` each, which nothing but the servers know of each other. The first one has an app on its server;
 * every refusal leaves that as it is.
 */
describe("a prepared server and its apps are left as they are", () => {
    const resources = new AsyncDisposableStack();
    let server: TestServer;
    let secondServer: TestServer;
    let bare: TestServer;
    let first: TestStack;
    let stranger: TestStack;
    let strangersServer: TestStack;
    /** The `server` outputs of the stacks that have prepared them. */
    let output: Readonly<Record<string, unknown>>;
    let secondOutput: Readonly<Record<string, unknown>>;

    before(async () => {
        const lab = await testLab();
        server = resources.use(await quietServer("prepared", equippedServer));
        secondServer = resources.use(await quietServer("prepared-too", equippedServer));
        bare = resources.use(await quietServer("not-prepared"));
        const stacksOf = async (...stacks: string[]) => {
            const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
            resources.defer(() => rm(backend, { recursive: true }));
            const operator = resources.use(await operatorWith({ key: lab.key, backend, stacks }));
            return (name: string) => operator.stack(name);
        };
        const ownStack = await stacksOf("both", "second");
        const strangersStack = await stacksOf("both", "server");
        [first, stranger, strangersServer] = [ownStack("both"), strangersStack("both"), strangersStack("server")];
        const second = ownStack("second");
        const configuration = exampleConfiguration(lab, server);
        await Promise.all([
            first.configure(configuration),
            stranger.configure(configuration),
            second.configure({ ...serverBlock(exampleConfiguration(lab, secondServer)) }),
        ]);
        await Promise.all([first.up(), second.up()]);
        output = (await first.stack.outputs()).server?.value;
        secondOutput = (await second.stack.outputs()).server?.value;
    });

    after(() => resources.disposeAsync());

    test("a server that another stack has prepared is not prepared again", async () => {
        await assertRefused(stranger, server, [
            `this server is prepared by another stack (server id ${output.id}, this stack's is `,
            "deploy onto it with `./pulumi config set --path 'dallinger:experiment.on.stack' STACK`",
            "or run `./pulumi destroy` in that stack first",
        ]);
    });

    test("a name that another stack's app has is refused, whatever the stacks are called", async () => {
        await pretendServerStack(strangersServer, output);
        await stranger.configure({ server: "", "experiment.on.stack": "server" });
        await assertRefused(stranger, server, [
            "the name recall is taken on this server by another stack",
            "choose another with `./pulumi config set --path 'dallinger:experiment.name' NAME`",
        ]);
    });

    test("a server that is no longer the one that its stack has prepared gets no app", async () => {
        await pretendServerStack(strangersServer, { ...output, id: "another-id" });
        await assertRefused(stranger, server, [
            `this is another server (id ${output.id}) than the one the server's stack speaks of (id another-id)`,
            "run `./pulumi up` in that stack, or set its host back",
        ]);
        await pretendServerStack(strangersServer, output);
    });

    test("a database that nobody has made for the app is neither used nor dropped", async () => {
        const psql = ["docker", "exec", "-u", "postgres", "dlgr-server-postgres", "psql", "-q", "-c"];
        await server.run(...psql, "CREATE DATABASE app_newcomer");
        await stranger.configure({ "experiment.name": "newcomer" });
        await assertUnchanged(server, async () => {
            const error = await stranger.refusal(() => stranger.up());
            assert.match(error, /a database app_newcomer is on this server that no app of this name has made/);
            assert.match(error, /rename or drop it, then run `\.\/pulumi up` again/);
            await stranger.destroy();
        });
        await assert.rejects(stranger.up());
    });

    test("an app that has a place on one server is not moved to another one", async () => {
        await pretendServerStack(strangersServer, secondOutput);
        await assertUnchanged(server, () =>
            assertRefused(stranger, secondServer, [
                "newcomer is not on this server, and this stack has deployed it before",
                "apps and their answers never move by a changed address",
                "Set the server back (dallinger:server.host, or dallinger:experiment.on)",
                "`./ops/dallinger leave` begins a move, and docs/moving.md says how it goes on",
            ]),
        );
        await pretendServerStack(strangersServer, output);
        await stranger.destroy();
    });

    for (const [title, replacement, text] of [
        ["a bare one", () => bare, "this is not the server that this stack has prepared"],
        ["that of another stack", () => secondServer, "this server is prepared by another stack"],
    ] as const) {
        test(`an app's server is not replaced by ${title}`, async () => {
            const { address, hostKey } = replacement();
            await first.configure({ "server.host": address, "server.hostKey": hostKey });
            await assertUnchanged(server, () => assertRefused(first, replacement(), [text]));
            await first.configure({ "server.host": server.address, "server.hostKey": server.hostKey });
        });
    }

    test("containers of docker-ssh are not touched, and the way over told", async () => {
        // As docker-ssh would find it: an engine and nothing of ours.
        await secondServer.run("mv", "/srv/dallinger", "/srv/not-here");
        const image = String(secondOutput.images && Reflect.get(secondOutput.images, "redis"));
        const create = [
            "docker",
            "create",
            "--pull",
            "always",
            "--label",
            "com.docker.compose.project=dallinger",
            image,
        ];
        await secondServer.run(...create);
        await stranger.configure(serverBlock(exampleConfiguration(await testLab(), secondServer)));
        await stranger.configure({ experiment: "", settings: "" });
        await assertRefused(stranger, secondServer, [
            "containers of Dallinger's docker-ssh are here (`docker ps --filter label=com.docker.compose.project=dallinger`)",
            "export its experiments, take it down, then run `./pulumi up` again",
        ]);
    });

    test("after all of this the app's stack has nothing to do on its server", async () => {
        assert.equal(await assertUnchanged(server, () => countConnections(server, () => first.up())), 0);
    });
});

function serverBlock(configuration: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(configuration).filter(([path]) => path.startsWith("server.")));
}
