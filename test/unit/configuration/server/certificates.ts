import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key in PEM. */
export interface MadeCertificate {
    readonly certificate: string;
    readonly key: string;
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
