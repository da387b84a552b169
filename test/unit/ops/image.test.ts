import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { temporaryFolder } from "../image/temporaryFolder.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const EXPERIMENT = {
    "recall/experiment.py": "# an experiment\n",
    "recall/requirements.txt": "dallinger\n",
    "recall/run.sh": { script: "#!/bin/sh\n" },
};

/** What the stack of the server says of it. */
const SERVER = JSON.stringify({
    id: "server-id",
    layout: 1,
    host: "203.0.113.7",
    port: 22,
    user: "root",
    hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPT3IrUQG3ZMQkZi5cBFHPxHd2oAtUYQXm2pK1BaX1kH",
    dnsHost: "",
    platform: "linux/arm64",
    caCertificate: "",
    images: { redis: "redis:8", pgbouncer: "edoburu/pgbouncer:v1.25.2-p0" },
});

/** A pulumi that has the stack of an app and that of its server, and notes what it is told to set. */
const PULUMI = `#!/bin/sh
case $* in
"stack output server --json --stack server") printf '%s' '${SERVER}' ;;
*--json*) printf '%s' "$CONFIGURATION" ;;
*) echo "$*" >>"$NOTES/pulumi" ;;
esac
`;

/** A docker that knows one digest, and installs two packages. */
const DOCKER = `#!/bin/sh
echo "$*" >>"$NOTES/docker"
case $* in
*imagetools*) printf '{"manifest": {"digest": "%s"}}' "${DIGEST}"; exit 0 ;;
esac
cat >"$NOTES/context.tar"
[ -z "\${FAILS:-}" ] || exit 1
for word; do case $word in type=local,dest=*) printf 'dallinger==12.4.0\\nrq==2.12.0\\n' >"\${word#*dest=}/constraints.txt" ;; esac; done
`;

suite("./ops/dallinger files", () => {
    test("lists files, sizes and what may be run, then the base, the hash and the name; it asks no registry", async (context) => {
        const { exitCode, stdout, stderr, notes } = await run(context, "files", { base: `python:3.13@${DIGEST}` });
        assert.equal(exitCode, 0);
        const lines = stdout.split("\n");
        assert.deepEqual(lines.slice(0, 5), [
            "16 B   experiment.py",
            "10 B   requirements.txt",
            "10 B x run.sh",
            "3 files of recall, 36 B",
            `on python:3.13@${DIGEST} for linux/arm64`,
        ]);
        const [, hash = ""] = /^hash ([0-9a-f]{64})$/.exec(lines[5] ?? "") ?? [];
        assert.equal(lines[6], `name ghcr.io/lab/recall:${hash.slice(0, 8)}`);
        assert.match(stderr, /recall\/constraints\.txt: is not there/);
        assert.equal(existsSync(join(notes, "docker")), false);
    });

    test("names all that stands against the build, and fails then", async (context) => {
        const { exitCode, stderr } = await run(context, "files", { strict: true }, { "recall/.env": "TOKEN=1" });
        assert.equal(exitCode, 1);
        assert.match(stderr, /recall\/\.env: is a file for passwords/);
        assert.match(stderr, /recall\/constraints\.txt: is not there/);
    });

    test("says what is wrong with the stack's block", async (context) => {
        const { exitCode, stderr } = await run(context, "files", { tagLength: 3 });
        assert.equal(exitCode, 1);
        assert.match(stderr, /dallinger:experiment\.image\.tagLength: must be a whole number from 8 to 64/);
    });

    test("has nothing to list for a stack that builds no image", async (context) => {
        const reference = `ghcr.io/lab/recall@${DIGEST}`;
        const { exitCode, stderr } = await run(context, "files", { repository: undefined, reference });
        assert.deepEqual([exitCode, stderr], [1, `this stack builds no image: it runs ${reference}`]);
    });
});

suite("./ops/dallinger pin", () => {
    test("writes the base's digest into the stack, and the versions that were installed on it into constraints.txt", async (context) => {
        const { exitCode, notes, folder } = await run(context, "pin", { base: "python:3.13" });
        assert.equal(exitCode, 0);
        const note = (name: string) => readFileSync(join(notes, name), "utf8");
        assert.equal(
            note("pulumi"),
            `config set --path dallinger:experiment.image.base python:3.13@${DIGEST} --stack lab1\n`,
        );
        assert.match(note("docker"), new RegExp(`--build-arg BASE=python:3.13@${DIGEST} --target pins`));
        assert.match(
            readFileSync(join(folder, "recall/constraints.txt"), "utf8"),
            /^dallinger==12\.4\.0\nrq==2\.12\.0\n$/m,
        );
    });

    test("leaves the base of our Dockerfile to it", async (context) => {
        const { exitCode, stdout, notes } = await run(context, "pin", {});
        assert.equal(exitCode, 0);
        assert.match(stdout, /left out, the digest in templates\/image\/Dockerfile counts/);
        assert.equal(existsSync(join(notes, "pulumi")), false);
    });

    test("writes digests into a Dockerfile of the experiment's own, and installs nothing", async (context) => {
        const Dockerfile = "FROM python:3.13 AS a\nCOPY --from=tools:1 /x /x\n";
        const { exitCode, folder, notes } = await run(context, "pin", {}, { "recall/Dockerfile": Dockerfile });
        assert.equal(exitCode, 0);
        assert.equal(
            readFileSync(join(folder, "recall/Dockerfile"), "utf8"),
            `FROM python:3.13@${DIGEST} AS a\nCOPY --from=tools:1@${DIGEST} /x /x\n`,
        );
        assert.doesNotMatch(readFileSync(join(notes, "docker"), "utf8"), /pins/);
    });

    test("leaves constraints.txt as it is when packages cannot be installed", async (context) => {
        const files = { "recall/constraints.txt": "dallinger==12.3.0\n" };
        const { exitCode, folder, stderr } = await run(context, "pin", {}, files, { FAILS: "yes" });
        assert.equal(exitCode, 1);
        assert.match(stderr, /the packages could not be installed/);
        assert.equal(readFileSync(join(folder, "recall/constraints.txt"), "utf8"), "dallinger==12.3.0\n");
    });
});

/** Runs a command in a copy of the project with an experiment of its own. */
async function run(
    context: TestContext,
    command: string,
    image: Readonly<Record<string, unknown>>,
    files: Readonly<Record<string, string>> = {},
    variables: Readonly<Record<string, string>> = {},
) {
    const folder = temporaryFolder(context, { ...EXPERIMENT, ...files, pulumi: { script: PULUMI } });
    for (const part of ["components", "ops", "templates", "package.json"]) {
        cpSync(join(projectFolder, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"));
    const [bin, notes] = [temporaryFolder(context, { docker: { script: DOCKER } }), temporaryFolder(context)];
    const experiment = {
        path: "recall",
        name: "recall",
        on: { stack: "server" },
        image: { repository: "ghcr.io/lab/recall", ...image },
    };
    const CONFIGURATION = JSON.stringify({
        "dallinger:experiment": { value: JSON.stringify(experiment), objectValue: experiment, secret: false },
        "dallinger:secrets": { secret: true },
    });
    const { exitCode, stdout, stderr } = await execa(
        process.execPath,
        [join(folder, "ops/main.ts"), command, "--stack", "lab1"],
        {
            cwd: folder,
            env: { CONFIGURATION, NOTES: notes, PATH: [bin, process.env.PATH].join(delimiter), ...variables },
            reject: false,
        },
    );
    return { exitCode, stdout, stderr, folder, notes };
}
