import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { execa } from "execa";
import { howToSet } from "../../../ops/hostKey.ts";
import { CommandLine, SERVER } from "./commandLine.ts";

const ECDSA =
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBsWgHmS2lGWYcVJsPoGnTnxOVTzH2uXhE5tNbOyQpaAJ+2mYLF9oUq4EDi0R1zBNSnrOoEmQl8WLEtDHYjbN7c=";
const RSA = `ssh-rsa ${Buffer.from("\0\0\0\x07ssh-rsa and more").toString("base64")}`;

/** The command line, with what answers in the place of ssh-keyscan. */
async function lineWhere(t: TestContext, keyscan: string): Promise<CommandLine> {
    const line = await CommandLine.create(t);
    await line.script("bin/ssh-keyscan", `echo "$*" >>"$NOTES/keyscan"\n${keyscan}`);
    return line;
}

function shows(...keys: readonly string[]): string {
    return keys.map((key) => `echo '203.0.113.7 ${key}'`).join("\n");
}

suite("./ops/dallinger hostkey", () => {
    test("shows each key with its fingerprint, and how one gets into a stack; asks no pulumi and no server", async (t) => {
        const line = await lineWhere(
            t,
            `echo '# 203.0.113.7:22 SSH-2.0-OpenSSH_9.2' >&2\n${shows(RSA, ECDSA, SERVER.hostKey)}`,
        );
        const { exitCode, stdout, asked, ssh } = await line.run(["hostkey", "203.0.113.7"]);
        assert.deepEqual([exitCode, asked, ssh], [0, "", ""]);
        assert.equal(await line.note("keyscan"), "-t ed25519,ecdsa,rsa -T 15 -p 22 203.0.113.7\n");
        const [head, ...rows] = stdout.split("\n").slice(0, 4);
        assert.match(head ?? "", /^TYPE +FINGERPRINT$/);
        assert.deepEqual(
            rows.map((row) => row.split(/ +/)[0]),
            ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"],
        );
        // OpenSSH's own word for it.
        const { stdout: known } = await execa("ssh-keygen", ["-lf", "-"], { input: SERVER.hostKey });
        assert.equal(rows[0]?.split(/ +/)[1], known.split(" ")[1]);
        assert.match(stdout, /console/);
        const set = "./pulumi config set --path 'dallinger:server.";
        assert.ok(stdout.endsWith(`  ${set}host' 203.0.113.7\n  ${set}hostKey' '${SERVER.hostKey}'`), stdout);
    });

    test("gives programs an array, of a port that is not the usual one", async (t) => {
        const line = await lineWhere(t, shows(SERVER.hostKey));
        const { stdout } = await line.run(["hostkey", "203.0.113.7", "--port", "2222", "--json"]);
        const [found, ...others] = JSON.parse(stdout);
        assert.deepEqual([found.type, found.key, others], ["ssh-ed25519", SERVER.hostKey, []]);
        assert.match(await line.note("keyscan"), / -p 2222 /);
    });

    test("says why a host shows none, without what a terminal would obey", async (t) => {
        const line = await lineWhere(
            t,
            'printf "connect (\\`lab.example\'): Connection\\033[2J refused\\n" >&2; exit 1',
        );
        const { exitCode, stdout, stderr } = await line.run(["hostkey", "lab.example"]);
        assert.deepEqual([exitCode, stdout], [1, ""]);
        assert.equal(stderr, "lab.example shows no key on port 22: connect (`lab.example'): Connection refused");
        const silent = await (await lineWhere(t, "exit 1")).run(["hostkey", "lab.example"]);
        assert.match(silent.stderr, /nothing answered within 15 s$/);
    });

    test("asks nobody where what is named is no host, or no port", async (t) => {
        const line = await lineWhere(t, shows(SERVER.hostKey));
        for (const [args, status] of [
            [["hostkey", "--", "-oProxyCommand=x"], 1],
            [["hostkey", "Lab.Example"], 1],
            [["hostkey", "2001:db8::1"], 1],
            [["hostkey", "lab.example", "--port", "0"], 2],
            [["hostkey", "lab.example", "--port", "70000"], 2],
            [["hostkey"], 2],
        ] as const)
            assert.equal((await line.run(args)).exitCode, status, args.join(" "));
        assert.equal(await line.note("keyscan"), "");
    });

    test("takes another type where there is no ed25519 key, and says what to do where no type will do", () => {
        const shown = (key: string) => ({ type: key.split(" ")[0] ?? "", key, fingerprint: "SHA256:x" });
        assert.match(
            howToSet("lab.example", 2222, [shown(ECDSA)]),
            /ssh_host_ecdsa_key\.pub[\s\S]*server\.port' 2222\n.*'ecdsa-sha2/,
        );
        assert.match(howToSet("lab.example", 22, [shown(RSA)]), /takes a key of type ssh-ed25519/);
    });
});
