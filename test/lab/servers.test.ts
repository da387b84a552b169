import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { describeLab, type Ending, type LabDescription, lab, labProgram, openLabsFolder } from "./labCommand.ts";

let folder: Awaited<ReturnType<typeof openLabsFolder>>;
let description: LabDescription;

before(async () => {
    folder = await openLabsFolder("one");
    const { exitCode, stderr } = await lab(folder.path, ["up", "one", "--servers", "2"]);
    assert.equal(exitCode, 0, stderr);
    description = await describeLab(folder.path, "one");
});

after(() => folder[Symbol.asyncDispose]());

const exec = (server: string, ...command: string[]): Promise<Ending> =>
    lab(folder.path, ["exec", "one", server, ...command]);
const ssh = (server: string, command: string): Promise<Ending> => lab(folder.path, ["ssh", "one", server, command]);

test("a server has nothing installed that a deployment has to install", async () => {
    const { stdout } = await exec(
        "server1",
        "bash",
        "-c",
        "compgen -c | grep -xE 'docker|dockerd|python3?|curl|wget' || true",
    );
    assert.equal(stdout, "");
    const sockets = await exec("server1", "ss", "-Hltn");
    assert.deepEqual(
        sockets.stdout.split("\n").map((line) => line.split(/\s+/)[3]),
        ["0.0.0.0:22", "[::]:22"],
    );
    assert.equal((await exec("server1", "systemctl", "--failed", "--quiet")).stdout, "");
});

test("an equipped server has Docker and the images, an identity of its own, and nothing of this project", async () => {
    const { exitCode, stderr } = await lab(folder.path, ["server", "add", "one", "used", "--equipped"]);
    assert.equal(exitCode, 0, stderr);
    const images = await exec("used", "docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}");
    const { browser: _, ...onServers } = description.images;
    const official = Object.values(onServers).map((image) => image.replace(`${description.registry.address}/`, ""));
    assert.deepEqual(images.stdout.split("\n").toSorted(), [...official, "example:dependencies"].toSorted());
    assert.equal((await exec("used", "docker", "compose", "version")).exitCode, 0);
    assert.equal(
        (await exec("used", "sh", "-c", "ls -d /srv/dallinger /etc/docker/certs.d/* 2>/dev/null || true")).stdout,
        "",
    );
    const identity = async (server: string) => (await exec(server, "cat", "/etc/machine-id", "/etc/hostname")).stdout;
    assert.match(await identity("used"), /^[0-9a-f]{32}\nused$/);
    assert.notEqual(await identity("used"), await identity("server1"));
    assert.equal((await ssh("used", "sudo -n id -un")).stdout, "root");
    assert.equal((await lab(folder.path, ["server", "remove", "one", "used"])).exitCode, 0);
});

test("debian may log in and become root, root may not log in", async () => {
    assert.equal((await ssh("server1", "sudo -n id -un")).stdout, "root");
    const address = description.servers[0]?.address;
    // An ssh of anybody's, which no option of the program's keeps out: sshd does.
    const refused = await execa(
        "ssh",
        [
            "-F",
            "none",
            "-i",
            description.key,
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            `root@${address}`,
            "true",
        ],
        { reject: false },
    );
    assert.equal(refused.exitCode, 255);
    assert.match(refused.stderr, /Permission denied \(publickey\)/);
});

test("the journal tells each ssh connection, and exec makes none", async () => {
    const connections = async (): Promise<number> =>
        Number((await exec("server2", "bash", "-c", "journalctl -u ssh | grep -c 'Connection from'")).stdout);
    const earlier = await connections();
    await exec("server2", "true");
    assert.equal(await connections(), earlier);
    await ssh("server2", "true");
    assert.equal(await connections(), earlier + 1);
});

test("exec passes standard input, arguments and exit status as they are", async () => {
    const arguments_ = ["", "a b", '"', "$HOME *", "-x", "naïve"];
    const script = 'cat; printf "[%s]" "$@"; exit 7';
    const ending = await lab(folder.path, ["exec", "one", "server1", "sh", "-c", script, "sh", ...arguments_], {
        input: "from here\n",
        stdin: "pipe",
    });
    assert.equal(ending.stdout, `from here\n${arguments_.map((argument) => `[${argument}]`).join("")}`);
    assert.equal(ending.exitCode, 7);
});

test("servers reach each other, and the registry with the lab's authority only", async () => {
    const [host = "", port = ""] = description.registry.address.split(":");
    const to = (address: string): string => `timeout 5 bash -c '</dev/tcp/${address}'`;
    assert.equal((await exec("server1", "sh", "-c", to(`${description.servers[1]?.address}/22`))).exitCode, 0);
    const url = `https://${host}:${port}/v2/`;
    const trusting = await execa("curl", ["-sSf", "--cacert", description.registry.ca, url], { reject: false });
    assert.equal(trusting.exitCode, 0, trusting.stderr);
    const authority = { env: { CURL_CA_BUNDLE: "/etc/ssl/certs/ca-certificates.crt" }, reject: false };
    assert.equal((await execa("curl", ["-sSf", url], authority)).exitCode, 60);
});

test("names of nip.io for the lab's addresses are known on its servers and by `run`, and nowhere else", async () => {
    const [first, second] = description.servers;
    const resolver = await readFile("/etc/resolv.conf", "utf8");
    const name = `study.recall.${second?.address.replaceAll(".", "-")}.nip.io`;
    const known = new RegExp(`^${second?.address}\\s`);
    assert.match((await exec("server1", "getent", "ahostsv4", name)).stdout, known);
    assert.match((await lab(folder.path, ["run", "one", "getent", "ahostsv4", name])).stdout, known);
    const nested = ["run", "one", labProgram, "run", "one", "getent", "ahostsv4", name];
    assert.match((await lab(folder.path, nested)).stdout, known);
    // The tests themselves may run where the names of another lab are known.
    assert.equal(await readFile("/etc/resolv.conf", "utf8"), resolver);
    assert.ok(!resolver.includes(`nameserver ${first?.address.replace(/\d+$/, "2")}\n`));
    assert.equal((await lab(folder.path, ["run", "one", "sh", "-c", "exit 7"])).exitCode, 7);
    assert.match(first?.address ?? "", /^10\.213\./);
});

test("a name below lab.test is there when it is added and gone when it is removed; no other can be", async () => {
    const address = description.servers[1]?.address ?? "";
    const name = "study.lab.test";
    const asked = () => exec("server1", "getent", "ahostsv4", name);
    assert.equal((await asked()).exitCode, 2);
    assert.equal((await lab(folder.path, ["name", "add", "one", name, address])).exitCode, 0);
    assert.match((await asked()).stdout, new RegExp(`^${address}\\s`));
    // One of each kind; a server without IPv6 sees both.
    assert.equal((await lab(folder.path, ["name", "add", "one", name, "2001:db8::99"])).exitCode, 0);
    const both =
        "my (undef, @found) = getaddrinfo($ARGV[0], '', { socktype => SOCK_STREAM }); print map { (getnameinfo($_->{addr}, NI_NUMERICHOST))[1] . ' ' } @found";
    const { stdout } = await exec("server1", "perl", "-MSocket=:addrinfo,SOCK_STREAM", "-e", both, name);
    assert.deepEqual(stdout.trim().split(" ").toSorted(), [address, "2001:db8::99"].toSorted());
    assert.equal((await lab(folder.path, ["name", "remove", "one", name])).exitCode, 0);
    assert.equal((await asked()).exitCode, 2);
    assert.match(
        (await lab(folder.path, ["name", "add", "one", "study.example", address])).stderr,
        /\.lab\.test at the end/,
    );
});

test("an ACME authority runs when it is asked for, is found by all and trusted by the file it names", async () => {
    assert.equal((await exec("workshop", "systemctl", "is-active", "pebble")).stdout, "inactive");
    const { stdout, stderr } = await lab(folder.path, ["acme", "one"]);
    assert.match(stdout, /"directory"/, stderr);
    const { directory, management, caCertificate } = JSON.parse(stdout);
    const ca = await readFile(caCertificate, "utf8");
    assert.equal(ca.match(/BEGIN CERTIFICATE/g)?.length, 2);
    const { stdout: page } = await execa("curl", ["-sSf", "--noproxy", "*", "--cacert", caCertificate, directory]);
    assert.match(page, /newOrder/);
    const root = await execa("curl", ["-sSf", "--noproxy", "*", "--cacert", caCertificate, `${management}/roots/0`]);
    assert.ok(ca.includes(root.stdout));
    // Asked again it is the same one.
    assert.equal((await lab(folder.path, ["acme", "one"])).stdout, stdout);
    assert.equal(await readFile(caCertificate, "utf8"), ca);
});

test("other authorities run beside it, each with a root of its own, and one for members says who is one", async () => {
    const described = await Promise.all(
        ["public", "other", "short", "members"].map(async (authority) => {
            const { stdout, stderr } = await lab(folder.path, ["acme", "one", authority]);
            assert.match(stdout, /"directory"/, stderr);
            return JSON.parse(stdout);
        }),
    );
    const roots = await Promise.all(described.map(({ caCertificate }) => readFile(caCertificate, "utf8")));
    assert.equal(new Set(roots).size, 4);
    assert.equal(new Set(described.map(({ directory }) => directory)).size, 4);
    assert.deepEqual(
        described.map(({ macKey }) => typeof macKey),
        ["undefined", "undefined", "undefined", "string"],
    );
    const unknown = await lab(folder.path, ["acme", "one", "nobody"]);
    assert.notEqual(unknown.exitCode, 0);
    assert.match(unknown.stderr, /no authority 'nobody': public, other, short or members/);
});

test("a second up changes nothing", async () => {
    assert.equal((await lab(folder.path, ["up", "one"])).exitCode, 0);
    assert.deepEqual(await describeLab(folder.path, "one"), description);
});

test("up starts a server again that has stopped, with what was on it", async () => {
    await exec("server2", "sh", "-c", "echo kept >/root/file");
    const pid = description.servers[1]?.pid ?? 0;
    process.kill(pid, "SIGKILL");
    assert.equal((await lab(folder.path, ["up", "one"])).exitCode, 0);
    assert.equal((await exec("server2", "cat", "/root/file")).stdout, "kept");
    description = await describeLab(folder.path, "one");
    assert.notEqual(description.servers[1]?.pid, pid);
});

test("a server that an interrupted up has left without a network is started anew", async () => {
    const { address = "" } = description.servers[0] ?? {};
    const [, , number, host] = address.split(".");
    await execa("ip", ["link", "del", `dlgrlab${number}-${host}`]);
    assert.equal((await lab(folder.path, ["up", "one"])).exitCode, 0);
    assert.equal((await ssh("server1", "hostname")).stdout, "server1");
    description = await describeLab(folder.path, "one");
});

test("a connection to a server that has been removed fails at once", async () => {
    assert.equal((await lab(folder.path, ["server", "add", "one", "extra"])).exitCode, 0);
    const extra = (await describeLab(folder.path, "one")).servers.find(({ name }) => name === "extra");
    assert.ok(extra);
    assert.equal((await ssh("extra", "hostname")).stdout, "extra");
    assert.equal((await lab(folder.path, ["server", "remove", "one", "extra"])).exitCode, 0);
    assert.deepEqual(await describeLab(folder.path, "one"), description);
    const connection = await execa("timeout", ["8", "bash", "-c", `</dev/tcp/${extra.address}/22`], { reject: false });
    assert.match(connection.stderr, /No route to host/);
});

test("a lab goes down whole when its folder is written with a slash more", async () => {
    const running = () => description.servers.filter(({ pid }) => existsSync(join("/proc", String(pid))));
    assert.equal(running().length, 2);
    assert.equal((await lab(`${folder.path.replace("/lab-", "//lab-")}/`, ["down", "one"])).exitCode, 0);
    for (let tries = 0; tries < 50 && running().length > 0; tries++) await setTimeout(100);
    assert.deepEqual(running(), []);
});
