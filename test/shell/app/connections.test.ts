import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { AppScripts } from "./appScript.ts";

/** A server where others are promised so many of 1100 connections, and this app so many. */
function ask(t: ConstructorParameters<typeof AppScripts>[0], others: number, own: number, wanted: number) {
    const scripts = new AppScripts(t, `cat >/dev/null; echo '1100|${others}|${own}'`);
    return scripts.run(`. "$bin/connections.sh"\nrequire_connections ${wanted}`);
}

suite("the connections to PostgreSQL that are promised to apps", { skip: process.platform !== "linux" }, () => {
    test("are as many as there are, at most", (t) => {
        for (const own of [0, 20]) {
            const { status, stderr } = ask(t, 1050, own, 50);
            assert.deepEqual([status, stderr], [0, ""]);
        }
    });

    for (const own of [0, 20]) {
        test(`are not exhausted by an app that is new or wants more than its ${own}`, (t) => {
            const { status, stderr } = ask(t, 1060, own, 50);
            assert.equal(status, 1);
            assert.match(stderr, /is to have 50 connections to PostgreSQL, and this server has 40 left of its 1100,/);
            assert.match(stderr, /`\.\/pulumi config set --path 'dallinger:experiment.limits.connections' NUMBER`/);
        });
    }

    for (const own of [50, 80]) {
        test(`stay with an app that has ${own} already, with a warning`, (t) => {
            const { status, stderr } = ask(t, 1090, own, 50);
            assert.equal(status, 0);
            assert.match(
                stderr,
                /^warning: this server's apps are promised 1140 connections to PostgreSQL, and it has 1100:/,
            );
        });
    }

    test("are not taken for none where PostgreSQL does not answer", (t) => {
        const scripts = new AppScripts(t, "exit 1");
        const { status, stderr } = scripts.run('. "$bin/connections.sh"\nrequire_connections 50');
        assert.equal(status, 1);
        assert.match(stderr, /PostgreSQL does not answer on this server/);
    });
});
