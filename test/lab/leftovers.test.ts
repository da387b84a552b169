import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { changes, type EmptyMachine } from "./emptyMachine.ts";
import { describeLab } from "./labCommand.ts";
import { type LabsOnEmptyMachine, openLabsOnEmptyMachine } from "./labsOnEmptyMachine.ts";
import { assertEmpty, namespaces, startedBy, uptime } from "./namespaces.ts";

let labs: LabsOnEmptyMachine;
let machine: EmptyMachine;

before(async () => {
    labs = await openLabsOnEmptyMachine();
    machine = labs.machine;
});

beforeEach(() => labs.clear());

after(() => labs[Symbol.asyncDispose]());

/** The namespaces that lab `name` made for its servers. */
async function namespacesOfServers(name: string): Promise<Set<string>> {
    const { servers } = await describeLab(labs.path, name);
    return (await namespaces(servers.map(({ pid }) => String(pid)))).difference(await namespaces(["self"]));
}

async function controlGroups(): Promise<string> {
    const { stdout } = await machine.run(
        "bash",
        "-c",
        "find /sys/fs/cgroup -path '*dallinger-lab/*' -type d -name 'leftover-*'",
    );
    return String(stdout);
}

test("a lab that was up and is down has left nothing", async () => {
    const traces = await machine.traces();
    await machine.lab("up", "one");
    await machine.lab("server", "add", "one", "leftover-one");
    const inside = await namespacesOfServers("one");
    assert.equal(inside.size, 12, "six namespaces of each of two servers");
    assert.notDeepEqual(changes(traces, await machine.traces()), []);
    assert.notEqual(await controlGroups(), "");

    const then = await uptime();
    assert.ok(inside.isSubsetOf(await namespaces(await startedBy(then))));

    await machine.lab("down", "one");

    assert.deepEqual(changes(traces, await machine.traces()), []);
    assert.equal(await labs.processes(), "");
    assert.equal(await controlGroups(), "");
    await assertEmpty(inside, then);
});

test("a second down finds nothing to do and succeeds", async () => {
    const traces = await machine.traces();
    await machine.lab("down", "one");
    assert.deepEqual(changes(traces, await machine.traces()), []);
});

test("a lab that goes leaves another lab and its network alone", async () => {
    await machine.lab("up", "one");
    const traces = await machine.traces();
    await machine.lab("up", "two");
    await machine.lab("down", "two");
    assert.deepEqual(changes(traces, await machine.traces()), []);
    const { servers } = await describeLab(labs.path, "one");
    await machine.run("timeout", "5", "bash", "-c", `</dev/tcp/${servers[0]?.address}/22`);
    await machine.lab("down", "one");
});

// With more moments and more labs: test/stories/long/labs.test.ts.
test("an interrupted up can be repeated, and down leaves what was there before", async () => {
    await machine.run("iptables", "-A", "FORWARD", "-i", "nowhere", "-j", "DROP");
    await machine.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.accept_redirects=1");
    await machine.run("ip", "route", "add", "unreachable", "10.214.0.0/16");
    const own = await machine.traces();
    for (const milliseconds of [300, 1500]) await labs.interruptUp(milliseconds);
    await machine.lab("up", "one");
    await machine.lab("exec", "one", "server1", "true");
    await machine.lab("down", "one");
    assert.deepEqual(changes(own, await machine.traces()), []);
    assert.equal(await labs.processes(), "");
});
