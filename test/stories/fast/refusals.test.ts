import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { execa } from "execa";
import { type Operator, operatorWith } from "../../support/operator.ts";
import { assertRefused } from "../../support/refusal.ts";
import { misplacedToken, refusedConfigurations } from "../../support/refusedConfigurations.ts";
import { quietServer } from "../../support/serverState.ts";
import { type TestServer, testLab } from "../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../support/testStack.ts";
import { labName } from "../steps/certificates/acmeAuthority.ts";

/** Everything here is refused, so one server serves all: it stays what it was. */
describe("a bare server is left as it is", () => {
    const resources = new AsyncDisposableStack();
    let server: TestServer;
    let operator: Operator;
    let configuration: Readonly<Record<string, string>>;

    before(async () => {
        const lab = await testLab();
        const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
        resources.defer(() => rm(backend, { recursive: true }));
        server = resources.use(await quietServer("refusals"));
        operator = resources.use(await operatorWith({ key: lab.key, backend, stacks: ["both", "server"] }));
        configuration = exampleConfiguration(lab, server);
        await operator.stack("both").configure(configuration);
        const block = Object.entries(configuration).filter(([path]) => path.startsWith("server."));
        await operator.stack("server").configure(Object.fromEntries(block));
    });

    after(() => resources.disposeAsync());

    for (const { title, set, wrong, fix = "" } of refusedConfigurations) {
        test(`${title} is refused before any connection`, async () => {
            const stack = operator.stack("both");
            await using _ = await changed(stack, set, configuration);
            const { error, connections } = await assertRefused(stack, server, [wrong, fix]);
            assert.equal(error.match(/^ {2}- /gm)?.length, 1, error);
            assert.equal(connections, 0);
            assert.ok(!stack.printed.includes(misplacedToken));
        });
    }

    test("a dependency that cannot be installed is refused before any connection", async () => {
        const stack = operator.stack("both");
        await breakRequirements(operator.folder, "examples/broken");
        await using _ = await changed(stack, { "experiment.path": "examples/broken" }, configuration);
        const { connections } = await assertRefused(stack, server, [
            "The image of the experiment was not built: a dependency failed",
            "No matching distribution found for rq==2.12.999",
        ]);
        assert.equal(connections, 0);
    });

    test("a server without a configured host key is only asked for its key, which is shown", async () => {
        const { stdout } = await execa("ssh-keygen", ["-lf", "-"], { input: server.hostKey });
        const [, fingerprint = "none"] = stdout.split(" ");
        const stack = operator.stack("server");
        const before = await logins(server);
        await using _ = await changed(stack, { "server.hostKey": "" }, configuration);
        const { connections } = await assertRefused(stack, server, [
            "dallinger:server.hostKey: is required: nothing is sent to a host whose key is not known",
            `ssh-keyscan -t ed25519 ${server.address}\n`,
            fingerprint,
            "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
            `pulumi config set --path 'dallinger:server.hostKey' '${server.hostKey}'`,
        ]);
        assert.equal(connections, 1);
        assert.equal(await logins(server), before);
    });

    test("a server with another host key than the configured one is not logged in to", async () => {
        const stack = operator.stack("server");
        const before = await logins(server);
        await using _ = await changed(stack, { "server.hostKey": await anotherHostKey() }, configuration);
        await assertRefused(stack, server, [/host key mismatch/]);
        assert.equal(await logins(server), before);
    });

    test("host names that lead elsewhere are refused before anything is changed, with the records to make", async () => {
        const stack = operator.stack("both");
        const elsewhere = server.address.replace(/\d+$/, "2");
        const [study, wildcard] = ["study.refusals.lab.test", `recall.${elsewhere.replaceAll(".", "-")}.nip.io`];
        await using _name = await labName(study, server.address);
        await using _other = await labName(study, "2001:db8::99");
        // One that was built elsewhere: nothing is built before the names are seen.
        const reference = `registry.example/recall@sha256:${"0".repeat(64)}`;
        const image = {
            "experiment.path": "",
            "experiment.image.repository": "",
            "experiment.image.reference": reference,
        };
        const names = { "experiment.hostnames[0]": study, "experiment.hostnames[1]": wildcard };
        await using _ = await changed(stack, { ...image, ...names }, configuration);
        const { connections } = await assertRefused(stack, server, [
            `these host names do not lead to the server (${server.address}), and nothing was changed:`,
            `${study}: is A ${server.address}, AAAA 2001:db8::99 seen from here and from the server: correct the record`,
            `remove ${study}. AAAA 2001:db8::99`,
            `${wildcard}: is A ${elsewhere} seen from here and from the server: the address in the name is not the server's`,
            "pulumi config set --path 'dallinger:server.addresses[0]' 2001:db8::99",
        ]);
        assert.equal(connections, 1, "the server is asked what it sees, once");
    });

    test("a user without sudo is told how to allow it", async () => {
        await server.shell(
            "useradd -m researcher && cp -r /home/debian/.ssh /home/researcher/ && chown -R researcher: /home/researcher",
        );
        const stack = operator.stack("server");
        await using _ = await changed(stack, { "server.user": "researcher" }, configuration);
        await assertRefused(stack, server, [
            "researcher cannot use sudo without a password here",
            'add a file /etc/sudoers.d/researcher with the line "researcher ALL=(ALL) NOPASSWD:ALL"',
        ]);
    });

    test("a taken port 80 is named with what listens there", async () => {
        await server.run("systemd-run", "--quiet", "--unit=website", "systemd-socket-activate", "-l", "80", "cat");
        const { error } = await assertRefused(operator.stack("server"), server, [
            /port 80 is taken on this server by "systemd-socket-?\w*",pid=\d+,fd=\d+: stop and disable that service, then run `\.\/pulumi up` again/,
        ]);
        assert.doesNotMatch(error, /sudo without a password/);
        await server.run("systemctl", "stop", "website");
    });

    test("an installation of docker-ssh is not touched, and the way over told", async () => {
        await server.shell("install -D /dev/null /home/debian/dallinger/docker-compose.yml");
        await assertRefused(operator.stack("server"), server, [
            "/home/debian/dallinger is an installation of Dallinger's docker-ssh",
            "export its experiments, run `dallinger docker-ssh destroy` for each",
            "then run `./pulumi up` again",
        ]);
        await server.run("rm", "-r", "/home/debian/dallinger");
    });

    for (const [system, name, text] of [
        ["ID=debian\nVERSION_ID=12", "Debian 12", "pulumi config set --path 'dallinger:server.engine' docker"],
        [
            "ID=arch\nPRETTY_NAME=Arch",
            "this server runs Arch",
            "install Docker Engine 25 or newer with Compose v2 by hand",
        ],
    ] as const) {
        test(`a system that Docker is not installed on is refused: ${name}`, async () => {
            await server.shell(
                `ln -sfn /etc/os-release.now /etc/os-release && printf '${system}\\n' >/etc/os-release.now`,
            );
            await assertRefused(operator.stack("server"), server, [name, text]);
        });
    }
});

/** Sets values, and sets back those of the right configuration when it is disposed. */
async function changed(
    stack: TestStack,
    values: Readonly<Record<string, string>>,
    right: Readonly<Record<string, string>>,
) {
    await stack.configure(values);
    const back = Object.fromEntries(Object.keys(values).map((path) => [path, right[path] ?? ""]));
    return { [Symbol.asyncDispose]: () => stack.configure(back) };
}

/** A copy of the example that asks for a version which was never released. */
async function breakRequirements(project: string, folder: string): Promise<void> {
    await cp(join(project, "examples/recall"), join(project, folder), { recursive: true });
    for (const [file, line, replacement] of [
        ["requirements.txt", /^rq<3$/m, "rq==2.12.999"],
        ["constraints.txt", /^rq==.*$/m, ""],
    ] as const) {
        const path = join(project, folder, file);
        const text = await readFile(path, "utf8");
        assert.match(text, line);
        await writeFile(path, text.replace(line, replacement));
    }
}

async function anotherHostKey(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "host-key-"));
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, "key")]);
    const key = await readFile(join(folder, "key.pub"), "utf8");
    await rm(folder, { recursive: true });
    return key.trim();
}

/** How often somebody has logged in to a server by ssh. */
async function logins(server: TestServer): Promise<number> {
    const journal = await server.shell("journalctl --sync; journalctl -q -o cat -t sshd -t sshd-session");
    return journal.split("\n").filter((line) => line.startsWith("Accepted publickey")).length;
}
