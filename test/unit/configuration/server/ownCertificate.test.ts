import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
    warnOfNobodysCertificate,
    warnOfOwnCertificate,
} from "../../../../components/configuration/server/ownCertificate.ts";
import { check, EXPERIMENT, problemAt, SERVER } from "../rawConfiguration.ts";
import { makeAuthority, makeCertificate } from "./certificates.ts";

const wildcard = makeCertificate("*.lab.example");
const other = makeCertificate("other.example", "www.other.example");
const days = (number: number) => new Date(Date.now() + number * 86_400_000);
const PATH = "dallinger:server.tls.certificate";

/** A stack with both blocks whose server has this certificate. */
function blocks({ certificate, key, ...rest }: { certificate: string; key: string; name?: string; now?: Date }) {
    const { name = "recall", now = days(1) } = rest;
    return {
        server: { ...SERVER, dnsHost: "lab.example", tls: { mode: "custom", certificate } },
        serverSecrets: { tlsKey: key },
        experiment: { ...EXPERIMENT, name },
        now,
    };
}

suite("a certificate of one's own", () => {
    test("is taken with its key, for the app's name, on its days", () => {
        assert.deepEqual(check(blocks(wildcard)).problems, []);
    });

    test("is refused when it has ended or has not begun, with the day", () => {
        const ended = problemAt(PATH, blocks({ ...wildcard, now: days(366) }));
        assert.match(ended?.message ?? "", /^has ended on \d{4}-\d\d-\d\d: renew it$/);
        const early = problemAt(PATH, blocks({ ...wildcard, now: days(-1) }));
        assert.match(early?.message ?? "", /^begins on \d{4}-\d\d-\d\d only/);
    });

    test("is refused with another certificate's key, and that key is not shown", () => {
        const { problems } = check(blocks({ ...wildcard, key: other.key }));
        assert.deepEqual(problems, [
            {
                path: "dallinger:serverSecrets.tlsKey",
                message: "is not the key of server.tls.certificate, which is for *.lab.example",
                fix: "pulumi config set --secret --path 'dallinger:serverSecrets.tlsKey'",
            },
        ]);
    });

    test("is refused when its chain begins with another one", () => {
        const certificate = `${other.certificate}\n${wildcard.certificate}`;
        const problem = problemAt(PATH, blocks({ ...wildcard, certificate, name: "recall" }));
        assert.match(problem?.message ?? "", /that for \*\.lab\.example comes first/);
    });

    test("is refused when it is not for the app's name, which a wildcard is one label deep", () => {
        assert.match(
            problemAt(PATH, blocks(other))?.message ?? "",
            /^is for other\.example, www\.other\.example, and not for recall\.lab\.example, where the app is to be$/,
        );
        const experiment = { ...EXPERIMENT, hostnames: ["a.b.lab.example", "c.lab.example"] };
        const deep = problemAt(PATH, { ...blocks(wildcard), experiment });
        assert.match(deep?.message ?? "", /not for a\.b\.lab\.example, where/);
    });

    test("is refused when nobody can read it, or its key", () => {
        const broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        assert.match(problemAt(PATH, blocks({ ...wildcard, certificate: broken }))?.message ?? "", /^cannot be read/);
        const key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
        const { problems } = check(blocks({ ...wildcard, key }));
        assert.match(problems[0]?.message ?? "", /^cannot be read: a private key in PEM/);
    });

    test("is taken where the authority that is named has signed it, also by others in between", () => {
        using authority = makeAuthority();
        const { certificate: alone, key } = authority.issue("*.lab.example");
        const chain = `${alone}\n${authority.between}`;
        const path = "dallinger:server.tls.caCertificate";
        const named = (made: { certificate: string; key: string }, caCertificate: string, now = days(1)) => {
            const { server, ...rest } = blocks({ ...made, now });
            return { ...rest, server: { ...server, tls: { ...server.tls, caCertificate } } };
        };
        assert.deepEqual(check(named({ certificate: chain, key }, authority.root)).problems, []);
        const several = `${other.certificate}\n${authority.root}`;
        assert.deepEqual(check(named({ certificate: chain, key }, several)).problems, []);
        const stranger = problemAt(path, named({ certificate: chain, key }, other.certificate));
        assert.match(stranger?.message ?? "", /^has not signed server\.tls\.certificate, .* one by CN=Root of a test:/);
        const gap = problemAt(path, named({ certificate: alone, key }, authority.root));
        assert.match(gap?.message ?? "", /one by CN=Authority of a test: .* or add to the chain what is missing/);
        const ended = problemAt(path, named(wildcard, wildcard.certificate, days(366)));
        assert.match(ended?.message ?? "", /^has ended on \d{4}-\d\d-\d\d: name the one that has followed it$/);
        const broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        assert.match(problemAt(path, named({ certificate: chain, key }, broken))?.message ?? "", /^cannot be read/);
    });

    test("is warned of when its chain leads to no authority that is trusted here", () => {
        using authority = makeAuthority();
        const { certificate: alone } = authority.issue("*.lab.example");
        const chain = `${alone}\n${authority.between}`;
        assert.deepEqual(warnOfNobodysCertificate(chain, [other.certificate, authority.root]), []);
        assert.deepEqual(warnOfNobodysCertificate(alone, [authority.between]), []);
        const [gap = ""] = warnOfNobodysCertificate(alone, [authority.root]);
        assert.match(
            gap,
            /ends with one by CN=Authority of a test, whom nobody trusts here: .*:server\.tls\.caCertificate/,
        );
        assert.match(warnOfNobodysCertificate(chain, []).join(), /ends with one by CN=Root of a test/);
    });

    test("is warned of when its end is near, or when it is for no name below the server's", () => {
        const server = { host: "203.0.113.7", dnsHost: "lab.example" };
        assert.deepEqual(warnOfOwnCertificate(wildcard.certificate, server, days(1)), []);
        assert.match(warnOfOwnCertificate(wildcard.certificate, server, days(355)).join(), /ends on \S+, in 9 days/);
        const [warning = ""] = warnOfOwnCertificate(other.certificate, server, days(1));
        assert.match(warning, /for no name below lab\.example, where apps are found/);
        const single = makeCertificate("recall.lab.example");
        assert.deepEqual(warnOfOwnCertificate(single.certificate, server, days(1)), []);
    });
});
