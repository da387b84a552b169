import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { execa } from "execa";
import { sshArguments } from "../../../components/remote/sshArguments.ts";
import { explainSshFailure } from "../../../components/remote/sshFailure.ts";
import { SshFolder } from "../../../components/remote/sshFolder.ts";

const SERVER = { host: "203.0.113.7", port: 22, user: "debian", hostKey: "ssh-ed25519 AAAA" };

/** The options of ssh that are set, by their names. */
function options(args: readonly string[]): Record<string, string> {
    const set = args.flatMap((word, index) => (word === "-o" ? [args[index + 1] ?? ""] : []));
    return Object.fromEntries(set.map((option) => option.split("=", 2)));
}

suite("ssh to a server", () => {
    test("accepts the configured host key only, whatever the user's own configuration says", () => {
        const args = sshArguments(SERVER, { knownHosts: "/tmp/a/known_hosts" }, []);
        assert.deepEqual(args.slice(0, 2), ["-F", "none"]);
        assert.partialDeepStrictEqual(options(args), {
            StrictHostKeyChecking: "yes",
            UserKnownHostsFile: '"/tmp/a/known_hosts"',
            GlobalKnownHostsFile: "/dev/null",
            BatchMode: "yes",
        });
        assert.deepEqual(args.slice(-3), ["-p", "22", "debian@203.0.113.7"]);
    });

    test("logs in with the agent and no key of a home folder, or with the stack's key and no other", () => {
        const files = { knownHosts: "/tmp/known_hosts" };
        const byAgent = options(sshArguments(SERVER, files, []));
        assert.deepEqual([byAgent.IdentityFile, byAgent.IdentityAgent], ["none", undefined]);
        const byKey = options(sshArguments(SERVER, { ...files, privateKey: "/tmp/key" }, []));
        assert.partialDeepStrictEqual(byKey, {
            IdentityFile: '"/tmp/key"',
            IdentitiesOnly: "yes",
            IdentityAgent: "none",
        });
    });

    test("a temporary folder with a space in its name is no host key mismatch", async () => {
        const args = sshArguments(SERVER, { knownHosts: "/tmp/my 100%h/known_hosts" }, []);
        const { stdout } = await execa("ssh", ["-G", ...args]);
        assert.match(stdout, /^userknownhostsfile \/tmp\/my 100%h\/known_hosts$/m);
        const { UserKnownHostsFile } = options(args);
        assert.equal(UserKnownHostsFile, '"/tmp/my 100%%h/known_hosts"', "one file: ssh -G prints two the same way");
    });

    test("knows a host on another port by its port", async () => {
        for (const [port, name] of [
            [22, "203.0.113.7"],
            [2222, "[203.0.113.7]:2222"],
        ] as const) {
            await using folder = await SshFolder.ofServer({ ...SERVER, port }, "");
            assert.equal(await readFile(folder.files.knownHosts, "utf8"), `${name} ssh-ed25519 AAAA\n`);
        }
    });
});

/** What ssh writes, and what is said of it. */
const FAILURES: readonly (readonly [readonly string[], RegExp])[] = [
    [["@@@", "Host key verification failed."], /^host key mismatch/],
    [
        ["debian@203.0.113.7: Permission denied (publickey)."],
        /^the server lets nobody in with these keys: `ssh-add -l`/,
    ],
    [["Error: remote port forwarding failed for listen port 0"], /^the server's sshd forbids forwarding/],
    [["progress", "the name recall is taken"], /^the name recall is taken$/],
    [["docker: Error response: permission denied while trying", "it failed"], /^it failed$/],
    [[], /^ssh ended without a word$/],
];

suite("an ssh connection that failed is explained", () => {
    for (const [lines, said] of FAILURES) {
        test(`by ${JSON.stringify(lines)}`, () => assert.match(explainSshFailure(lines), said));
    }
});
