import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key in PEM. */
export interface MadeCertificate {
    readonly certificate: string;
    readonly key: string;
}

/** An authority of a test's own, and what it has signed. */
export interface MadeChain extends MadeCertificate {
    /** The certificate of who has signed the last one of the chain. */
    readonly root: string;
    /** The chain without what lies between it and the root. */
    readonly alone: string;
}

/** Makes a root, an authority below it, and a certificate of that one's for a name, good for so many days. */
export function makeChain(name: string, days = 365): MadeChain {
    const folder = mkdtempSync(join(tmpdir(), "chain-"));
    const file = (of: string) => join(folder, of);
    const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
    const request = (of: string, ...more: string[]) =>
        openssl(
            ..."req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes".split(" "),
            ...more,
            "-keyout",
            file(`${of}.key`),
            "-out",
            file(of),
        );
    const sign = (of: string, by: string, extension: string, validity: number) => {
        writeFileSync(file("extensions"), extension);
        openssl(
            "x509",
            "-req",
            "-in",
            file(of),
            "-CA",
            file(by),
            "-CAkey",
            file(`${by}.key`),
            "-CAcreateserial",
            "-days",
            String(validity),
            "-extfile",
            file("extensions"),
            "-out",
            file(`${of}.signed`),
        );
        renameSync(file(`${of}.signed`), file(of));
    };
    try {
        request(
            "root",
            "-x509",
            "-days",
            "3650",
            "-subj",
            "/CN=Root of a test",
            "-addext",
            "basicConstraints=critical,CA:true",
        );
        request("between", "-subj", "/CN=Authority of a test");
        sign("between", "root", "basicConstraints=critical,CA:true", 3650);
        request("own", "-subj", `/CN=${name}`);
        sign("own", "between", `subjectAltName=DNS:${name}`, days);
        const read = (of: string) => readFileSync(file(of), "utf8").trim();
        const alone = read("own");
        return { certificate: `${alone}\n${read("between")}`, alone, key: read("own.key"), root: read("root") };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** Makes a certificate that is good for a year from now, for these names, with a key of its own. */
export function makeCertificate(...names: string[]): MadeCertificate {
    const folder = mkdtempSync(join(tmpdir(), "certificate-"));
    try {
        const [certificate, key] = [join(folder, "certificate"), join(folder, "key")];
        const what = [
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "365",
        ];
        const subject = [
            "-subj",
            `/CN=${names[0]}`,
            "-addext",
            `subjectAltName=${names.map((name) => `DNS:${name}`).join()}`,
        ];
        execFileSync("openssl", [...what, ...subject, "-keyout", key, "-out", certificate], { stdio: "ignore" });
        return { certificate: readFileSync(certificate, "utf8").trim(), key: readFileSync(key, "utf8").trim() };
    } finally {
        rmSync(folder, { recursive: true });
    }
}
