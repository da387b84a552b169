import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isMissingHostKey, parseHostKey } from "../../../../components/configuration/server/hostKey.ts";
import { check, HOST_KEY, problemAt, SERVER } from "../rawConfiguration.ts";

/** A public key in OpenSSH's encoding: each part after its length. */
function key(type: string, ...parts: readonly Buffer[]): string {
    const sized = [Buffer.from(type), ...parts].flatMap((part) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(part.length);
        return [length, part];
    });
    return Buffer.concat(sized).toString("base64");
}

const ecdsa = (bits: number, bytes: number) =>
    `ecdsa-sha2-nistp${bits} ${key(`ecdsa-sha2-nistp${bits}`, Buffer.from(`nistp${bits}`), Buffer.alloc(bytes, 4))}`;
const ED25519 = HOST_KEY.split(" ")[1] ?? "";

suite("a host key", () => {
    const right = {
        "an ed25519 key": [HOST_KEY, HOST_KEY],
        "one with a comment": [`${HOST_KEY} root@server\n`, HOST_KEY],
        "a line of ssh-keyscan": [`203.0.113.7 ${HOST_KEY}`, HOST_KEY],
        "a line of ssh-keyscan with its comment": [
            `# 203.0.113.7:22 SSH-2.0-OpenSSH_10.0\n203.0.113.7 ${HOST_KEY}\n`,
            HOST_KEY,
        ],
        "a line for another port": [`[203.0.113.7]:2222 ${HOST_KEY}`, HOST_KEY],
        "a line with several names": [`lab.example,203.0.113.7 ${HOST_KEY}`, HOST_KEY],
        "a line with a hashed name": [`|1|c2FsdA==|aGFzaA== ${HOST_KEY}`, HOST_KEY],
        "ecdsa of 256 bits": [ecdsa(256, 65), ecdsa(256, 65)],
        "ecdsa of 384 bits": [ecdsa(384, 97), ecdsa(384, 97)],
        "ecdsa of 521 bits": [ecdsa(521, 133), ecdsa(521, 133)],
    } as const;
    for (const [title, [text, expected]] of Object.entries(right)) {
        test(`takes ${title}`, () => assert.deepEqual(parseHostKey(text, "203.0.113.7"), { key: expected }));
    }

    const wrong = {
        "an RSA key, and says why": [`ssh-rsa ${key("ssh-rsa", Buffer.alloc(3), Buffer.alloc(257))}`, /SHA-1.*ed25519/],
        "a DSA key": ["ssh-dss AAAA", /ssh-dss/],
        "a key of hardware": [`sk-ssh-ed25519@openssh.com ${ED25519}`, /allowed are ssh-ed25519/],
        "a type that is not the key's own": [`ssh-ed25519 ${ecdsa(256, 65).split(" ")[1]}`, /no whole ssh-ed25519 key/],
        "a blob that names another type": [`ssh-ed25519 ${key("ssh-ed2551x", Buffer.alloc(32))}`, /no whole/],
        "a key that was cut off": [HOST_KEY.slice(0, -8), /no whole/],
        "a type alone": ["ssh-ed25519", /no whole/],
        "text that is not base64": ["ssh-ed25519 !!!!", /no whole/],
        "a line for another host": [`198.51.100.1 ${HOST_KEY}`, /another host/],
        "several keys": [`${HOST_KEY}\n${ecdsa(256, 65)}`, /several keys/],
        "a fingerprint": ["SHA256:2nVOdGBDSZyvs8SsD/w0", /must be the type and the base64/],
        nothing: ["", /must be the type and the base64/],
    } as const;
    for (const [title, [text, message]] of Object.entries(wrong)) {
        test(`refuses ${title}`, () => {
            const parsed = parseHostKey(text, "203.0.113.7");
            assert.match("wrong" in parsed ? parsed.wrong : "", message);
        });
    }

    test("reaches the configuration without its comment", () => {
        const { configuration } = check({ server: { ...SERVER, hostKey: `203.0.113.7 ${HOST_KEY} comment` } });
        assert.equal(configuration?.server?.hostKey, HOST_KEY);
    });

    for (const hostKey of [undefined, null, ""]) {
        test(`is missing when it is ${JSON.stringify(hostKey)}, which the caller can tell`, () => {
            const problem = problemAt("dallinger:server.hostKey", { server: { ...SERVER, hostKey } });
            assert.equal(problem && isMissingHostKey(problem), true);
        });
    }

    test("is not missing when it is wrong", () => {
        const problem = problemAt("dallinger:server.hostKey", { server: { ...SERVER, hostKey: "ssh-rsa AAAA" } });
        assert.equal(problem && isMissingHostKey(problem), false);
    });

    test("is not echoed: what was pasted by mistake may be a private key", () => {
        const hostKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----";
        const problem = problemAt("dallinger:server.hostKey", { server: { ...SERVER, hostKey } });
        assert.doesNotMatch(JSON.stringify(problem), /b3Blbn/);
    });
});
