import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { suite, test } from "node:test";
import { sensitiveReason } from "../../../../components/image/files/sensitiveFiles.ts";

const NOTHING = Buffer.from("");

suite("files that must not get into an image", () => {
    const refused = [
        ".env",
        ".env.local",
        "deploy/.env.production",
        ".dallingerconfig",
        ".netrc",
        ".pgpass",
        "id_rsa",
        "keys/id_ed25519",
        "certificate.p12",
        "server.ppk",
    ];
    for (const path of refused) {
        test(`${path} is refused by its name`, () => assert.match(sensitiveReason(path, NOTHING) ?? "", /passwords/));
    }

    const allowed = [
        ".env.example",
        "environment.py",
        "id_rsa.pub",
        "keyboard.key",
        "my.env.md",
        "token.py",
        "tls.pem",
    ];
    for (const path of allowed) {
        test(`${path} is not refused by its name`, () => assert.equal(sensitiveReason(path, NOTHING), undefined));
    }

    const contents: readonly (readonly [string, string, RegExp])[] = [
        ["key.json", `{"private_key": "-----BEGIN PRIVATE KEY-----\\n${"A".repeat(64)}\\n"}`, /private key/],
        ["static/a.js", `const t = "ghp_${"a1".repeat(18)}";`, /access token of GitHub/],
        ["notes.md", `github_pat_${"a1".repeat(41)}`, /access token of GitHub/],
        ["a.py", `x = "glpat-${"a1".repeat(10)}"`, /access token of GitLab/],
        ["a.py", `AKIA${"A1".repeat(8)}`, /access token of Amazon/],
        ["a.py", `xoxb-${"12".repeat(12)}`, /access token of Slack/],
        ["requirements.txt", "x @ git+https://me:secret@example.org/x.git", /address with a password/],
        ["constraints.txt", "--index-url https://:secret@example.org/simple", /address with a password/],
        ["old_config.txt", "[A]\nprolific_api_token = abc", /sets prolific_api_token, which is sensitive/],
        ["config.txt.bak", "AWS_SECRET_ACCESS_KEY: abc", /sets AWS_SECRET_ACCESS_KEY/],
        ["my.dallingerconfig", "dashboard_password='abc'", /sets dashboard_password/],
        ["app.ini", "[mail]\nsmtp_password = abc", /sets smtp_password/],
        ["app.cfg", "api-token=abc", /sets api-token/],
    ];
    for (const [path, text, reason] of contents) {
        test(`${path} is refused for what it holds: ${text.slice(0, 30)}`, () =>
            assert.match(sensitiveReason(path, Buffer.from(text)) ?? "", reason));
    }

    const harmless: readonly (readonly [string, string])[] = [
        ["check.py", 'if "-----BEGIN PRIVATE KEY-----" in text: pass'],
        ["a.py", "AKIAIOSFODNN7EXAMPLE"],
        ["stimuli.json", '{"token": "house", "password": "a word"}'],
        ["README.md", "git clone https://user:password@example.org"],
        ["requirements.txt", `x @ git+https://me:${"$"}{TOKEN}@example.org/x.git`],
        ["requirements.txt", "x @ git+ssh://git@example.org:2222/x.git"],
        ["old_config.txt", "# dashboard_password = abc\nprolific_api_token =\naws_access_key_id = YourAccessKeyId"],
        ["setup.cfg", "tokenizer = words\nmax_tokens = 12"],
        ["app.ini", `password = ${"$"}{PASSWORD}\nsecret = <secret>\ntoken = %(other)s`],
        ["models/config.json", '{"tokenizer": "abc"}'],
    ];
    for (const [path, text] of harmless) {
        test(`${path} is not refused for ${text.slice(0, 40)}`, () =>
            assert.equal(sensitiveReason(path, Buffer.from(text)), undefined));
    }

    test("a private key is found in any file and format", () => {
        const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
        const pem = (type: "pkcs8" | "sec1") => privateKey.export({ type, format: "pem" }).toString();
        const openssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg==\n";
        const pgp = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n";
        for (const key of [pem("pkcs8"), pem("sec1"), openssh, pgp]) {
            const around = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(key)]);
            assert.equal(sensitiveReason("static/notes.txt", around), "holds a private key");
        }
        const open = publicKey.export({ type: "spki", format: "pem" });
        assert.equal(sensitiveReason("static/notes.txt", Buffer.from(open)), undefined);
    });
});
