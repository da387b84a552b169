import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { changes, type EmptyMachine, openEmptyMachine } from "./emptyMachine.ts";
import { describeLab, lab, openLabsFolder } from "./labCommand.ts";
import { assertEmpty, namespaces, startedBy, uptime } from "./namespaces.ts";

let folder: Awaited<ReturnType<typeof openLabsFolder>>;
let machine: EmptyMachine;

before(async () => {
    // An empty machine has no way to a package archive: what labs are made of must be in the cache.
    await using warm = await openLabsFolder("warm");
    assert.equal((await lab(warm.path, ["up", "warm"])).exitCode, 0);
    folder = await openLabsFolder();
    machine = await openEmptyMachine(folder.path);
});

beforeEach(async () => {
    for (const name of ["one", "two"]) await machine.lab("down", name);
});

after(async () => {
    for (const name of ["one", "two"]) await machine.lab("down", name);
    await machine[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
});

/** The namespaces that lab `name` made for its servers. */
async function namespacesOfServers(name: string): Promise<Set<string>> {
    const { servers } = await describeLab(folder.path, name);
    return (await namespaces(servers.map(({ pid }) => String(pid)))).difference(await namespaces(["self"]));
}

/** The command lines of processes that are, or were, about the labs of these tests. */
async function processes(): Promise<string> {
    const { stdout } = await machine.run("bash", "-c", `ps -eo stat,args | grep -F "$LABS" | grep -v grep || true`);
    return String(stdout);
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
    assert.equal(await processes(), "");
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
    const { servers } = await describeLab(folder.path, "one");
    await machine.run("timeout", "5", "bash", "-c", `</dev/tcp/${servers[0]?.address}/22`);
    await machine.lab("down", "one");
});

test("labs of machines that share a kernel never get the same number", async () => {
    await using outside = await openLabsFolder("three");
    await Promise.all([machine.lab("up", "one"), machine.lab("up", "two"), lab(outside.path, ["up", "three"])]);
    const labs = [
        await describeLab(folder.path, "one"),
        await describeLab(folder.path, "two"),
        await describeLab(outside.path, "three"),
    ];
    const networks = labs.map(({ servers: [server] }) => server?.address.split(".")[2]);
    assert.equal(new Set(networks).size, 3, networks.join());
    await machine.lab("down", "two");
    assert.equal((await lab(outside.path, ["exec", "three", "server1", "true"])).exitCode, 0);
    await machine.lab("down", "one");
});

test("an up that was interrupted while it took a number does not end another machine's lab", async () => {
    await using outside = await openLabsFolder("three");
    await lab(outside.path, ["up", "three"]);
    const numberOf = async (path: string, name: string) =>
        (await describeLab(path, name)).servers[0]?.address.split(".")[2] ?? "";
    const number = await numberOf(outside.path, "three");
    const answer = async () => (await lab(outside.path, ["exec", "three", "server1", "echo", "runs"])).stdout;
    // The link is made before the control group says whose the number is.
    const interrupted = 'mkdir -p "$LABS/one" /run/dallinger-lab; ln -s "$LABS/one" "/run/dallinger-lab/$0"';
    for (const command of ["down", "up"]) {
        await machine.run("bash", "-euc", interrupted, number);
        await machine.lab(command, "one");
        assert.equal(await answer(), "runs", `after ${command}`);
    }
    assert.notEqual(await numberOf(folder.path, "one"), number);
    await machine.lab("down", "one");
    assert.equal(await answer(), "runs");
});

test("rules, routes and settings that were there before a lab are there after it", async () => {
    await machine.run("iptables", "-A", "FORWARD", "-i", "nowhere", "-j", "DROP");
    await machine.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.accept_redirects=1");
    await machine.run("ip", "route", "add", "unreachable", "10.214.0.0/16");
    const own = await machine.traces();
    await machine.lab("up", "one");
    await machine.lab("down", "one");
    assert.deepEqual(changes(own, await machine.traces()), []);
});

test("an interrupted up leaves nothing once the lab is taken down", async () => {
    const traces = await machine.traces();
    for (const milliseconds of [100, 300, 600, 1000, 2000, 4000]) {
        await interruptUp(milliseconds);
        await machine.lab("down", "one");
        assert.deepEqual(changes(traces, await machine.traces()), [], `killed after ${milliseconds} ms`);
        assert.equal(await processes(), "", `killed after ${milliseconds} ms`);
    }
});

test("an interrupted up can be repeated", async () => {
    for (const milliseconds of [200, 800, 1500, 3000]) await interruptUp(milliseconds);
    await machine.lab("up", "one");
    await machine.lab("exec", "one", "server1", "true");
    await machine.lab("down", "one");
});

async function interruptUp(milliseconds: number): Promise<void> {
    const up = machine.lab("up", "one");
    const ended = up.then(
        () => true,
        () => false,
    );
    await setTimeout(milliseconds);
    assert.ok(up.pid !== undefined);
    // The whole process group, as a terminal or a shutdown does it.
    process.kill(-up.pid, "SIGKILL");
    assert.equal(await ended, false, "up was over before it could be interrupted");
}
