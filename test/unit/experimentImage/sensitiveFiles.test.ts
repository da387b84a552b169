import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { suite, test } from "node:test";
import { sensitiveReason } from "../../../components/experimentImage/sensitiveFiles.ts";

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
