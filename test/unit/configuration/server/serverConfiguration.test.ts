import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CERTIFICATE, check, EXPERIMENT, files, problemAt, problemsOf, SERVER } from "../rawConfiguration.ts";
import { makeCertificate } from "./certificates.ts";

const KEY = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
const server = (keys: object) => ({ server: { ...SERVER, ...keys } });
const alone = (keys: object) => ({ server: undefined, experiment: { ...EXPERIMENT, ...keys } });

suite("certificates", () => {
    test("of an authority need an address", () => {
        const tls = { mode: "acme", email: "it@lab.example", ca: "https://pebble.example/dir" };
        assert.deepEqual(check(server({ tls })).configuration?.server?.tls, tls);
        assert.deepEqual(problemsOf(server({ tls: { mode: "acme" } })), [
            "dallinger:server.tls.email: is required: an e-mail address",
        ]);
    });

    test("of a private authority are trusted by a file that is read", () => {
        const authority = { directory: "https://ca.example/dir", caCertificate: "file:lab.pem" };
        const tls = (authorities: unknown) => server({ tls: { mode: "acme", email: "it@lab.example", authorities } });
        const readFile = (path: string) => (path === "lab.pem" ? `${CERTIFICATE}\n` : files()(path));
        assert.deepEqual(check({ ...tls([authority]), readFile }).configuration?.server?.tls, {
            mode: "acme",
            email: "it@lab.example",
            authorities: [{ ...authority, caCertificate: CERTIFICATE }],
        });
        assert.deepEqual(problemsOf(tls([authority])), [
            "dallinger:server.tls.authorities[0].caCertificate: names lab.pem, which cannot be read; paths are relative to Pulumi.yaml",
        ]);
        assert.match(problemsOf(tls([])).join(), /server\.tls\.authorities: must be a list of maps/);
        assert.match(
            problemsOf(tls([{ directory: "http://a.b" }])).join(),
            /authorities\[0\]\.directory: must be an https/,
        );
    });

    test("have one way to name the one authority", () => {
        const directory = "https://ca.example/dir";
        const tls = { mode: "acme", email: "it@lab.example", ca: directory, authorities: [{ directory }] };
        const problem = problemAt("dallinger:server.tls.ca", server({ tls }));
        assert.match(problem?.message ?? "", /the same as tls\.authorities\[0\]\.directory/);
        assert.equal(problem?.fix, "pulumi config rm --path 'dallinger:server.tls.ca'");
    });

    test("of Let's Encrypt's staging directory, which nobody trusts, are not waited for in vain", () => {
        const directory = "https://acme-staging-v02.api.letsencrypt.org/directory";
        const tls = (keys: object) => server({ tls: { mode: "acme", email: "it@lab.example", ...keys } });
        const path = "dallinger:server.tls.authorities[0].caCertificate";
        const set = `pulumi config set --path '${path}' file:certificates/staging.pem`;
        const problem = problemAt(path, tls({ authorities: [{ directory }] }));
        assert.match(problem?.message ?? "", /is required: nobody trusts .* https:\/\/letsencrypt\.org\/docs\/staging/);
        assert.equal(problem?.fix, set);
        const alias = problemAt("dallinger:server.tls.ca", tls({ ca: directory }));
        assert.deepEqual(alias?.fix?.split("\n"), [
            "pulumi config rm --path 'dallinger:server.tls.ca'",
            "pulumi config set --path 'dallinger:server.tls.staging' true",
        ]);
        assert.deepEqual(check(tls({ authorities: [{ directory, caCertificate: CERTIFICATE }] })).problems, []);
    });

    test("of one's own are read from a file and come with their key", () => {
        const { certificate, key } = makeCertificate("*.203-0-113-7.nip.io");
        const blocks = {
            ...server({ tls: { mode: "custom", certificate: "file:lab.pem" } }),
            serverSecrets: { tlsKey: key },
        };
        const readFile = (path: string) => (path === "lab.pem" ? `${certificate}\n` : files()(path));
        assert.deepEqual(check({ ...blocks, readFile }).configuration?.server?.tls, {
            mode: "custom",
            certificate,
        });
        assert.match(
            problemAt("dallinger:server.tls.certificate", blocks)?.message ?? "",
            /lab.pem, which cannot be read/,
        );
        assert.match(
            problemAt("dallinger:serverSecrets.tlsKey", { ...blocks, serverSecrets: {} })?.message ?? "",
            /is required/,
        );
    });

    test("of the registry are taken as they are or from a file", () => {
        const readFile = (path: string) => (path === "ca.pem" ? "nothing" : files()(path));
        assert.equal(check(server({ registryCa: CERTIFICATE })).configuration?.server?.registryCa, CERTIFICATE);
        assert.match(
            problemsOf({ ...server({ registryCa: "file:ca.pem" }), readFile }).join(),
            /ca.pem, which holds no certificate/,
        );
    });

    test("are not echoed: what was pasted by mistake may be a private key", () => {
        assert.doesNotMatch(problemsOf(server({ registryCa: KEY })).join(), /MIIE/);
    });
});

suite("addresses of the server", () => {
    test("are kept in the spelling by which they are compared", () => {
        const addresses = ["203.0.113.7", "2001:DB8:0::7"];
        assert.deepEqual(check(server({ addresses })).configuration?.server?.addresses, ["203.0.113.7", "2001:db8::7"]);
    });

    test("have the longest wildcard service leave room for the longest name of an app", () => {
        const wildcard = `${"a.".repeat(97)}aa`;
        assert.deepEqual(check(server({ wildcard })).problems, []);
        assert.equal(`${"a".repeat(40)}.255-255-255-255.${wildcard}`.length, 253);
    });
});

suite("secrets of the server", () => {
    const openssh = (cipher: string) => {
        const blob = Buffer.concat([
            Buffer.from("openssh-key-v1\0"),
            Buffer.from([0, 0, 0, cipher.length]),
            Buffer.from(cipher),
            Buffer.alloc(9),
        ]);
        return `-----BEGIN OPENSSH PRIVATE KEY-----\n${blob.toString("base64")}\n-----END OPENSSH PRIVATE KEY-----\n`;
    };

    test("take a private key as it is", () => {
        const privateKey = openssh("none");
        assert.deepEqual(check({ serverSecrets: { privateKey } }).configuration?.serverSecrets, { privateKey });
    });

    test("refuse a private key with a passphrase", () => {
        assert.match(problemsOf({ serverSecrets: { privateKey: openssh("aes256-ctr") } }).join(), /passphrase/);
        assert.match(
            problemsOf({
                serverSecrets: { privateKey: "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED" },
            }).join(),
            /passphrase/,
        );
    });

    test("may hold an experiment's key to another stack's server", () => {
        const privateKey = openssh("none");
        assert.deepEqual(check({ ...alone({ on: { stack: "lab1" } }), serverSecrets: { privateKey } }).problems, []);
    });
});

/** Title, blocks, path of the problem, its message, its fix when it matters. */
const REFUSED: readonly (readonly [string, object, string, RegExp, string?])[] = [
    ["a host with a user", server({ host: "me@a.b" }), "server.host", /server\.user/],
    ["a host with a port", server({ host: "a.b:22" }), "server.host", /server\.port/],
    ["a host that is no name", server({ host: "a_b" }), "server.host", /must be an IPv4 address or a host name/],
    [
        "a missing host",
        server({ host: undefined }),
        "server.host",
        /is required/,
        "pulumi config set --path 'dallinger:server.host' 203.0.113.7",
    ],
    ["a port out of range", server({ port: 65536 }), "server.port", /from 1 to 65535, not 65536/],
    ["a port that is a text", server({ port: "22" }), "server.port", /a whole number from 1 to 65535, not "22"/],
    ["a user that is no name", server({ user: "a b" }), "server.user", /must be a user name, not "a b"/],
    ["nip.io as DNS name", server({ dnsHost: "nip.io" }), "server.dnsHost", /left out/],
    [
        "another wildcard service as DNS name",
        server({ dnsHost: "sslip.io" }),
        "server.dnsHost",
        /left out: .*`pulumi config set --path 'dallinger:server\.wildcard' sslip\.io`/,
        "pulumi config rm --path 'dallinger:server.dnsHost'",
    ],
    [
        "a wildcard service beside a DNS name",
        server({ dnsHost: "lab.example", wildcard: "sslip.io" }),
        "server.wildcard",
        /left out beside dnsHost/,
        "pulumi config rm --path 'dallinger:server.wildcard'   (or pulumi config rm --path 'dallinger:server.dnsHost')",
    ],
    [
        "a wildcard service without an address to make names of",
        server({ host: "ssh.lab.example", addresses: ["2001:db8::7"], wildcard: "sslip.io" }),
        "server.wildcard",
        /needs an IPv4 address to make names of/,
        "pulumi config set --path 'dallinger:server.addresses[0]' 203.0.113.7   (or pulumi config rm --path 'dallinger:server.wildcard')",
    ],
    ["a wildcard service that is none", server({ wildcard: "io" }), "server.wildcard", /such as nip\.io or sslip\.io/],
    [
        "a wildcard service too long for any app",
        server({ wildcard: `${"a.".repeat(98)}aa` }),
        "server.wildcard",
        /such as nip\.io/,
    ],
    [
        "no list of addresses",
        server({ addresses: "203.0.113.7" }),
        "server.addresses",
        /a list of IPv4 and IPv6 addresses, not "203\.0\.113\.7"/,
    ],
    ["an empty list of addresses", server({ addresses: [] }), "server.addresses", /a list of IPv4 and IPv6 addresses/],
    [
        "a name among the addresses",
        server({ addresses: ["lab.example"] }),
        "server.addresses[0]",
        /must be an IPv4 or IPv6 address/,
        "pulumi config set --path 'dallinger:server.addresses[0]' 203.0.113.7",
    ],
    [
        "one address in two spellings",
        server({ addresses: ["2001:db8::7", "2001:DB8:0::7"] }),
        "server.addresses",
        /names one address twice/,
    ],
    ["a DNS name too long for any app", server({ dnsHost: `${"a.".repeat(106)}a` }), "server.dnsHost", /DNS name/],
    ["an engine from elsewhere", server({ engine: "podman" }), "server.engine", /distribution or docker, not "podman"/],
    ["a platform that is none", server({ platform: "arm" }), "server.platform", /linux\/amd64 or linux\/arm64/],
    [
        "no certificates",
        server({ tls: undefined }),
        "server.tls",
        /is required/,
        "pulumi config set --path 'dallinger:server.tls.mode' acme",
    ],
    [
        "a text instead of a map",
        server({ tls: "internal" }),
        "server.tls",
        /must be a map/,
        "pulumi config rm --path 'dallinger:server.tls'\npulumi config set --path 'dallinger:server.tls.mode' acme",
    ],
    ["a mode that is none", server({ tls: { mode: "letsencrypt" } }), "server.tls.mode", /acme, internal or custom/],
    [
        "an address with internal certificates",
        server({ tls: { mode: "internal", email: "a@b" } }),
        "server.tls.email",
        /not a known key/,
    ],
    ["an image that is none", server({ images: { redis: "Redis 8" } }), "server.images.redis", /image reference/],
    [
        "an unknown service",
        server({ images: { redsi: "redis:8" } }),
        "server.images.redsi",
        /did you mean "redis"\?.*known are postgres/,
    ],
    [
        "an unknown key",
        server({ dns_host: "a.b" }),
        "server.dns_host",
        /did you mean "dnsHost"\?/,
        "pulumi config rm --path 'dallinger:server.dns_host'",
    ],
    ["a block that is no map", { server: [] }, "server", /must be a map of keys/],
    [
        "a key of the server that is none",
        { serverSecrets: { privateKey: "abc" } },
        "serverSecrets.privateKey",
        /BEGIN and END/,
        "pulumi config set --secret --path 'dallinger:serverSecrets.privateKey'",
    ],
    [
        "a certificate's key without certificate",
        { serverSecrets: { tlsKey: KEY } },
        "serverSecrets.tlsKey",
        /only with server.tls.mode custom/,
    ],
    [
        "a password of a registry in two lines",
        { serverSecrets: { registryPassword: "a\nb" } },
        "serverSecrets.registryPassword",
        /must be a password or a token, in one line$/,
    ],
    [
        "a password of a registry without its user",
        { serverSecrets: { registryPassword: "a" } },
        "serverSecrets.registryPassword",
        /only with experiment.image.registryUser/,
        "pulumi config set --path 'dallinger:experiment.image.registryUser' USER   (or pulumi config rm --path 'dallinger:serverSecrets.registryPassword')",
    ],
];

suite("a server is refused, with the path and what is allowed, for", () => {
    for (const [title, blocks, path, message, fix] of REFUSED) {
        test(title, () => {
            const problem = problemAt(`dallinger:${path}`, blocks);
            assert.match(problem?.message ?? JSON.stringify(check(blocks).problems), message);
            if (fix !== undefined) assert.equal(problem?.fix, fix);
        });
    }
});
