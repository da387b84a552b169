import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key in PEM. */
export interface MadeCertificate {
    readonly certificate: string;
    readonly key: string;
}

/** An authority of a test's own, below a root; what it was made with goes when it is disposed. */
export interface MadeAuthority extends Disposable {
    /** The certificate of the root, in PEM. */
    readonly root: string;
    /** The certificate of the authority, which the root has signed. */
    readonly between: string;
    /** A certificate for a name that is good for so many days from now, alone, and its key. */
    issue(name: string, days?: number): MadeCertificate;
}

/** Makes a root and an authority below it. */
export function makeAuthority(): MadeAuthority {
    const folder = mkdtempSync(join(tmpdir(), "authority-"));
    const at = (file: string) => join(folder, file);
    const read = (file: string) => readFileSync(at(file), "utf8").trim();
    const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore", cwd: folder });
    const request = (of: string, subject: string, ...more: string[]) => {
        const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        openssl("req", ...kind, "-subj", subject, "-keyout", `${of}.key`, "-out", of, ...more);
    };
    const sign = (of: string, by: string, extension: string, days: number) => {
        writeFileSync(at("extensions"), extension);
        const signer = ["-CA", by, "-CAkey", `${by}.key`, "-CAcreateserial", "-days", String(days)];
        openssl("x509", "-req", "-in", of, ...signer, "-extfile", "extensions", "-out", `${of}.signed`);
        renameSync(at(`${of}.signed`), at(of));
    };
    const isAuthority = "basicConstraints=critical,CA:true";
    request("root", "/CN=Root of a test", "-x509", "-days", "3650", "-addext", "keyUsage=critical,keyCertSign");
    request("between", "/CN=Authority of a test");
    sign("between", "root", `${isAuthority}\nkeyUsage=critical,keyCertSign`, 3650);
    const issue = (name: string, days = 365) => {
        request("own", `/CN=${name}`);
        sign("own", "between", `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth`, days);
        return { certificate: read("own"), key: read("own.key") };
    };
    const dispose = () => rmSync(folder, { recursive: true });
    return { root: read("root"), between: read("between"), issue, [Symbol.dispose]: dispose };
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
