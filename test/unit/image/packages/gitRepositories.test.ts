import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { knowsHost, wrongKnownHost } from "../../../../components/configuration/image/knownHosts.ts";
import { checkKnownHosts, sshRepositories } from "../../../../components/image/packages/gitRepositories.ts";
import { parseRequirements } from "../../../../components/image/packages/requirements.ts";
import { HOST_KEY } from "../../configuration/rawConfiguration.ts";

const found = (text: string) => sshRepositories(parseRequirements(text).requirements);

suite("repositories that are reached by ssh", () => {
    const cases: Readonly<Record<string, readonly [string, string, number]>> = {
        "words @ git+ssh://git@e.org/lab/words.git": ["ssh://git@e.org/lab/words.git", "e.org", 22],
        "words @ git+ssh://git@e.org/lab/words.git@main#subdirectory=x": ["ssh://git@e.org/lab/words.git", "e.org", 22],
        "git+ssh://git@e.org:2222/words@v1.0#egg=words": ["ssh://git@e.org:2222/words", "e.org", 2222],
        "-e git+ssh://e.org/words#egg=words": ["ssh://e.org/words", "e.org", 22],
        "words @ git+ssh://git@[2001:db8::1]:22/words": ["ssh://git@[2001:db8::1]:22/words", "2001:db8::1", 22],
    };
    for (const [line, [url, host, port]] of Object.entries(cases)) {
        test(`are found in ${line}`, () => assert.deepEqual(found(line), [{ url, host, port }]));
    }

    test("are not those of the web or of an index", () => {
        assert.deepEqual(found("a @ git+https://e.org/a.git\nb==1\nc @ https://e.org/c.whl"), []);
    });

    test("are named once", () => {
        assert.equal(found("a @ git+ssh://e.org/a@x\na @ git+ssh://e.org/a@y").length, 1);
    });

    test("need a known host each: one problem a host, with the commands that put it right", () => {
        const repositories = found("a @ git+ssh://e.org/a\nb @ git+ssh://e.org/b\nc @ git+ssh://f.org:2222/c");
        assert.deepEqual(checkKnownHosts(repositories, [`e.org,[f.org]:2222 ${HOST_KEY}`]), []);
        const problems = checkKnownHosts(repositories, [`f.org ${HOST_KEY}`]);
        assert.deepEqual(
            problems.map(({ path }) => path),
            ["dallinger:experiment.image.knownHosts", "dallinger:experiment.image.knownHosts"],
        );
        assert.match(problems[0]?.message ?? "", /^has no key of e\.org, where ssh:\/\/e\.org\/a is/);
        assert.equal(
            problems[1]?.fix,
            [
                "ssh-keyscan -t ed25519 -p 2222 f.org",
                "prints it; compare its fingerprint with the one that the host's owner publishes; then",
                "pulumi config set --path 'dallinger:experiment.image.knownHosts[1]' '[f.org]:2222 ssh-ed25519 AAAA…'",
            ].join("\n"),
        );
    });
});

suite("a known host", () => {
    for (const line of [`e.org ${HOST_KEY}`, `e.org,[f.org]:22 ${HOST_KEY} a comment`]) {
        test(`is ${line}`, () => assert.equal(wrongKnownHost(line), undefined));
    }
    const [, base64 = ""] = HOST_KEY.split(" ");
    const wrong: Readonly<Record<string, RegExp>> = {
        [HOST_KEY]: /a line of known_hosts/,
        "e.org": /a line of known_hosts/,
        "e.org ssh-ed25519 AAAA…": /a line of known_hosts/,
        [`*.e.org ${HOST_KEY}`]: /in full/,
        [`|1|abc|def ${HOST_KEY}`]: /in full/,
        [`@revoked ${HOST_KEY}`]: /in full/,
        [`e.org ssh-rsa ${base64}`]: /whole ssh-rsa key/,
        [`e.org ${HOST_KEY.slice(0, -4)}`]: /whole ssh-ed25519 key/,
    };
    for (const [line, message] of Object.entries(wrong)) {
        test(`is not ${line}`, () => assert.match(wrongKnownHost(line) ?? "", message));
    }
    test("counts for its port only", () => {
        assert.deepEqual(
            [knowsHost(`e.org ${HOST_KEY}`, "e.org", 22), knowsHost(`e.org ${HOST_KEY}`, "e.org", 2222)],
            [true, false],
        );
    });
});
