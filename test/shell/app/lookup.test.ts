import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { put, temporaryFolder } from "../../unit/image/temporaryFolder.ts";

const templates = join(import.meta.dirname, "../../../templates");
const [AMD64, ARM64, INDEX] = ["a", "b", "c"].map((digit) => `sha256:${digit.repeat(64)}`);

/** A manifest as `docker manifest inspect --verbose` shows it. */
function manifest(digest: string | undefined, architecture: string, more: Readonly<Record<string, string>> = {}) {
    const platform = { architecture, os: architecture === "unknown" ? "unknown" : "linux", ...more };
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    return {
        Ref: `ghcr.io/lab/recall@${digest}`,
        Descriptor: { mediaType, digest, size: 1000, platform },
        OCIManifest: {
            config: { digest: `sha256:${"d".repeat(64)}` },
            layers: [{ digest: `sha256:${"e".repeat(64)}` }],
        },
    };
}

const BOTH = [manifest(ARM64, "arm64", { variant: "v8" }), manifest(AMD64, "amd64"), manifest(INDEX, "unknown")];

interface Asked {
    readonly reference?: string;
    /** What the server remembers. */
    readonly kept?: string;
    /** What the backup remembers that the app begins with. */
    readonly moved?: string;
    readonly login?: string;
    /** What docker says when it fails. */
    readonly error?: string;
}

/** Runs the script with a docker that gives this answer. */
function lookUp(context: TestContext, answer: unknown, asked: Asked = {}) {
    const { reference = "ghcr.io/lab/recall:1.0", kept, moved, login, error = "" } = asked;
    const script = (path: string) => readFileSync(join(templates, path), "utf8");
    const root = temporaryFolder(context);
    const folder = temporaryFolder(context, {
        "machine/docker": {
            script: `#!/bin/sh\necho "$*" >&3\n[ -z "$ERROR" ] || { echo "$ERROR" >&2; exit 1; }\ncat "$ANSWER"\n`,
        },
        "machine/uname": { script: "#!/bin/sh\necho x86_64\n" },
        answer: `${JSON.stringify(answer, null, "\t")}\n`,
        "payload/bin/messages.sh": script("shared/messages.sh"),
        "payload/bin/server.sh": script("shared/server.sh").replace(/^root=.*$/m, `root=${root}`),
        "payload/bin/registry.sh": script("shared/registry.sh"),
        "payload/name": "recall",
        "payload/server": "server-id",
        "payload/reference": reference,
        "payload/repository": "ghcr.io/lab/recall",
        "payload/platform": "linux/amd64",
        "payload/question": "the question",
        ...(moved !== undefined && { "payload/archive": "20260101T120000Z" }),
        ...(login !== undefined && { "payload/login/config.json": login }),
    });
    put(root, {
        "server/layout.json": '{\n  "version": 2,\n  "id": "server-id"\n}\n',
        ...(kept !== undefined && { "apps/recall/looked-up": kept }),
        ...(moved !== undefined && { "backups/recall/20260101T120000Z/looked-up": moved }),
    });
    const env = {
        ...process.env,
        PATH: `${folder}/machine:${process.env.PATH}`,
        ANSWER: `${folder}/answer`,
        ERROR: error,
    };
    const args = [join(templates, "app/lookup.sh"), "create", join(folder, "payload")];
    const run = spawnSync("sh", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
    return { status: run.status, stdout: run.stdout, stderr: run.stderr, calls: String(run.output[3]), folder };
}

suite("an image is looked up by the server", () => {
    test("among those of several platforms", (context) => {
        assert.equal(lookUp(context, BOTH).stdout, `ghcr.io/lab/recall@${AMD64}\n`);
    });

    test("when there is only one", (context) => {
        assert.equal(lookUp(context, manifest(AMD64, "amd64")).stdout, `ghcr.io/lab/recall@${AMD64}\n`);
    });

    test("by digest, and is what it was", (context) => {
        const reference = `ghcr.io/lab/recall@${INDEX}`;
        assert.equal(lookUp(context, BOTH, { reference }).stdout, `${reference}\n`);
    });

    test("by digest, whatever the tag beside it means by now", (context) => {
        const reference = `ghcr.io/lab/recall:1.0@${INDEX}`;
        const { stdout, calls } = lookUp(context, BOTH, { reference });
        assert.equal(stdout, `${reference}\n`);
        assert.equal(calls, `manifest inspect --verbose ghcr.io/lab/recall@${INDEX}\n`);
    });

    test("and refused when it is of another platform, whether by tag or by digest", (context) => {
        for (const reference of ["ghcr.io/lab/recall:1.0", `ghcr.io/lab/recall@${ARM64}`]) {
            const { status, stdout, stderr } = lookUp(context, manifest(ARM64, "arm64"), { reference });
            assert.deepEqual([status, stdout], [1, ""]);
            assert.match(stderr, /is an image for linux\/arm64 and this server runs linux\/amd64/);
        }
    });

    test("once: to the same question the server has the same answer, and asks nobody", (context) => {
        const { stdout, calls } = lookUp(context, BOTH, { kept: "the question\nthe answer\n" });
        assert.deepEqual([stdout, calls], ["the answer\n", ""]);
        assert.equal(lookUp(context, BOTH, { kept: "another\nthe answer\n" }).stdout, `ghcr.io/lab/recall@${AMD64}\n`);
    });

    test("answers as the server that the app has moved from: by the backup that the app begins with", (context) => {
        const { stdout, calls } = lookUp(context, BOTH, { moved: "the question\nthe answer\n" });
        assert.deepEqual([stdout, calls], ["the answer\n", ""]);
        assert.equal(lookUp(context, BOTH, { moved: "another\nthe answer\n" }).stdout, `ghcr.io/lab/recall@${AMD64}\n`);
    });

    test("by a digest that stays what it is, also when only the engine has a way to the registry", (context) => {
        const asked = {
            reference: `ghcr.io/lab/recall@${INDEX}`,
            error: "http: server gave HTTP response to HTTPS client",
        };
        const { status, stdout } = lookUp(context, BOTH, asked);
        assert.deepEqual([status, stdout], [0, `${asked.reference}\n`]);
        const denied = lookUp(context, BOTH, { ...asked, error: "denied: requested access to the resource is denied" });
        assert.deepEqual([denied.status, denied.stdout], [1, ""]);
        assert.equal(lookUp(context, BOTH, { error: asked.error }).status, 1);
    });

    test("with the login that there is, and says which one is missing", (context) => {
        const { calls, folder } = lookUp(context, BOTH, { login: "{}" });
        assert.match(calls, new RegExp(`^--config ${folder}/payload/login manifest inspect --verbose`));
        assert.match(lookUp(context, BOTH, { error: "no such manifest: x" }).stderr, /image\.registryUser' USER/);
    });
});
