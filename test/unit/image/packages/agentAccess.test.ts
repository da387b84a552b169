import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { checkAgent } from "../../../../components/image/packages/agentAccess.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const REPOSITORY = { url: "ssh://git@e.org/words.git", host: "e.org", port: 22 };

suite("the ssh agent, before a build that uses it,", () => {
    test("opens every repository, by known hosts and keys of its own only", async (context) => {
        const { notes, temporary } = await check(context, {});
        const command = readFileSync(join(notes, "git"), "utf8");
        assert.match(command, /^ls-remote --quiet ssh:\/\/git@e\.org\/words\.git HEAD$/m);
        assert.match(command, /^ssh -F none .*-o StrictHostKeyChecking=yes .*-o IdentityFile=none/m);
        assert.match(command, /^e\.org ssh-ed25519 AAAA$/m);
        assert.deepEqual(readdirSync(temporary), []);
    });

    test("is not asked for repositories that a Dockerfile of the experiment's own may name", async (context) => {
        const { notes } = await check(context, {}, []);
        assert.equal(existsSync(join(notes, "git")), false);
    });

    const refused: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
        "is missing": [
            { SSH_AUTH_SOCK: "" },
            /^it needs ssh:\/\/git@e\.org\/words\.git, by an ssh agent with a key, but there is no agent: `eval/,
        ],
        "does not answer": [{ ADD: "2" }, /the agent of SSH_AUTH_SOCK does not answer/],
        "has no key": [{ ADD: "1" }, /but the agent has none: `ssh-add` the one that may read it$/],
        "has no key that the host takes": [
            { SAYS: "git@e.org: Permission denied (publickey)." },
            /^e\.org refuses every key in your ssh agent: `ssh-add` the one that may read ssh:\/\/git@e\.org\/words\.git$/,
        ],
        "meets another host": [
            { SAYS: "Host key verification failed." },
            /^e\.org has another key than experiment\.image\.knownHosts says/,
        ],
        "has a key that may not see the repository": [
            { SAYS: "ERROR: Repository not found.\nfatal: Could not read from remote repository." },
            /words\.git is not there, or no key in your ssh agent may read it: ERROR: Repository not found\.$/,
        ],
    };
    for (const [title, [variables, message]] of Object.entries(refused)) {
        test(`${title}: one error, and nothing left behind`, async (context) => {
            const { error, temporary } = await check(context, variables);
            assert.match(error ?? "", message);
            assert.ok(!error?.includes("\n"));
            assert.deepEqual(readdirSync(temporary), []);
        });
    }

    for (const SAYS of [
        "ssh: connect to host e.org port 22: No route to host",
        "Could not resolve hostname e.org: not found",
    ]) {
        test(`says nothing of a host that cannot be reached from here: ${SAYS}`, async (context) =>
            assert.equal((await check(context, { SAYS })).error, undefined));
    }
});

async function check(context: TestContext, variables: Readonly<Record<string, string>>, repositories = [REPOSITORY]) {
    const git = `#!/bin/sh
echo "$*" >"$NOTES/git"
echo "$GIT_SSH_COMMAND" >>"$NOTES/git"
cat "$(echo "$GIT_SSH_COMMAND" | sed 's/.*UserKnownHostsFile=[^/]*\\([^"]*\\)".*/\\1/')" >>"$NOTES/git"
[ -z "\${SAYS:-}" ] || { printf '%s\\n' "$SAYS" >&2; exit 128; }
`;
    const bin = temporaryFolder(context, {
        git: { script: git },
        "ssh-add": { script: `#!/bin/sh\nexit "\${ADD:-0}"\n` },
    });
    const [notes, temporary] = [temporaryFolder(context), temporaryFolder(context)];
    const PATH = [bin, process.env.PATH].join(delimiter);
    const environment = { SSH_AUTH_SOCK: "/agent", NOTES: notes, TMPDIR: temporary, PATH, ...variables };
    const before = { ...process.env };
    Object.assign(process.env, environment);
    try {
        await checkAgent({ repositories, knownHosts: ["e.org ssh-ed25519 AAAA"] });
        return { notes, temporary, error: undefined };
    } catch (error) {
        return { notes, temporary, error: error instanceof Error ? error.message : String(error) };
    } finally {
        for (const name of Object.keys(environment)) delete process.env[name];
        Object.assign(process.env, before);
    }
}
