import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { buildEnvironment, buildProgram } from "../../../../components/image/build/buildEnvironment.ts";
import { planImage } from "../../../../components/image/context/imagePlan.ts";
import { put, temporaryFolder } from "../temporaryFolder.ts";
import { failing } from "./failingBuild.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const OLD_DIGEST = `sha256:${"fedcba9876543210".repeat(4)}`;
const EXPERIMENT = { "recall/experiment.py": "# an experiment\n", "recall/requirements.txt": "dallinger==12.4.0\n" };

/** A docker that notes what it is told; the variables say what it answers. */
const DOCKER = `#!/bin/sh
echo "$*" >> "$NOTES/calls"
case "$*" in
"context inspect"*) echo "\${ENGINE:-ssh://elsewhere}"; exit 0 ;;
info*) echo /proc; exit 0 ;;
"system df") echo "Build Cache 71GB"; exit 0 ;;
*--raw*)
    printf '{"layers": [{"size": 7000000}]}'
    exit 0 ;;
*imagetools*)
    [ -n "\${INSPECTION:-}" ] || exit 1
    printf '%s\\n' "$INSPECTION"
    exit 0 ;;
"image inspect"*)
    [ -n "\${LOADED:-}" ] || [ -e "$NOTES/context.tar" ] || exit 1
    printf '%s %s\n' "${OLD_DIGEST}" "$DALLINGER_IMAGE_CONTENT_HASH"
    exit 0 ;;
esac
cat > "$NOTES/context.tar"
[ -z "\${HANGS:-}" ] || { echo $$ > "$NOTES/hanging"; exec sleep 60; }
printf '%s\\n' "\${OUTPUT:-#1 building}" >&2
[ -z "\${FAILS:-}" ] || exit 1
[ -z "\${FAILS_ONCE:-}" ] || [ -e "$NOTES/failed" ] || { : > "$NOTES/failed"; exit 1; }
while [ $# -gt 0 ]; do [ "$1" != --metadata-file ] || metadata=$2; shift; done
printf '{"containerimage.digest": "%s"}' "\${PUSHED-${DIGEST}}" > "$metadata"
`;

suite("the build program", () => {
    test("prints the reference by digest on standard output and everything else on standard error", async (context) => {
        const { stdout, stderr, exitCode } = await build(context, {
            OUTPUT: "#7 \u001b[32mCollecting dallinger\u001b[0m",
        });
        assert.equal(exitCode, 0);
        assert.equal(stdout, `commit \nghcr.io/lab/recall@${DIGEST}`);
        assert.match(stderr, /^Building ghcr\.io\/lab\/recall:[0-9a-f]{8} for linux\/amd64 from 2 files of recall$/m);
        assert.match(stderr, /^#7 Collecting dallinger$/m);
        assert.equal(stderr.split("\n").at(-1), `ghcr.io/lab/recall@${DIGEST}: 1 layer, 7 MB compressed`);
    });

    test("gives docker an archive on standard input and leaves no file behind", async (context) => {
        const { notes, temporary } = await build(context);
        assert.ok(readFileSync(join(notes, "context.tar")).includes("experiment/requirements.txt"));
        assert.deepEqual(readdirSync(temporary), []);
    });

    test("uses the image that is in the registry when it was built from the same content", async (context) => {
        const { stdout, calls } = await build(context, (hash) => ({ INSPECTION: inspection(hash) }));
        assert.equal(stdout, `commit \nghcr.io/lab/recall@${OLD_DIGEST}`);
        assert.equal(calls.filter((call) => call.startsWith("buildx build")).length, 0);
    });

    test("builds over an image of the same tag and other content", async (context) => {
        const { stdout } = await build(context, (hash) => ({ INSPECTION: inspection(hash.replace(/.$/, "?")) }));
        assert.equal(stdout, `commit \nghcr.io/lab/recall@${DIGEST}`);
    });

    test("pushes again where the registry has had a moment of weakness, and where it has not gives up at once", async (context) => {
        const answered = (error: string) => failing("pushing ghcr.io/lab/recall:1a with docker", [], error).join("\n");
        const again = await build(context, {
            FAILS_ONCE: "1",
            OUTPUT: answered("received unexpected HTTP status: 500 Internal Server Error"),
        });
        assert.equal(again.stdout, `commit \nghcr.io/lab/recall@${DIGEST}`);
        assert.equal(again.calls.filter((call) => call.startsWith("buildx build")).length, 2);
        const denied = await build(context, { FAILS_ONCE: "1", OUTPUT: answered("denied") });
        assert.equal(denied.exitCode, 1);
        assert.equal(denied.calls.filter((call) => call.startsWith("buildx build")).length, 1);
    });

    test("keeps an image in the engine that no registry is to have, and builds it once", async (context) => {
        const first = await build(context, { DALLINGER_IMAGE_DELIVERY: "ssh" });
        assert.equal(first.stdout, `commit \n${OLD_DIGEST}`);
        assert.ok(first.calls.some((call) => call.endsWith("--load -")));
        assert.ok(!first.calls.some((call) => /imagetools|--push/.test(call)));
        const second = await build(context, { DALLINGER_IMAGE_DELIVERY: "ssh", LOADED: "yes" });
        assert.equal(second.stdout, `commit \n${OLD_DIGEST}`);
        assert.ok(!second.calls.some((call) => call.startsWith("buildx build")));
    });

    test("asks the registry for the digest that an old engine does not tell", async (context) => {
        const { stdout } = await build(context, { PUSHED: "", INSPECTION: inspection("another") });
        assert.equal(stdout, `commit \nghcr.io/lab/recall@${OLD_DIGEST}`);
    });

    test("stops before it calls docker when the files are not those that were hashed", async (context) => {
        const { exitCode, stdout, stderr, calls } = await build(context, {}, { "recall/experiment.py": "# changed\n" });
        assert.deepEqual([exitCode, stdout, calls], [1, "", []]);
        assert.equal(
            stderr,
            "The image of the experiment was not built: the files of recall changed while it was being deployed: run it again",
        );
    });

    test("does not fill the disk of this machine's engine, and names what could be pruned", async (context) => {
        // Nothing is ever free in /proc.
        const { exitCode, stderr, calls } = await build(context, { ENGINE: "unix:///run/docker.sock" });
        assert.equal(exitCode, 1);
        assert.match(stderr, /not built: 0 MiB are free in \/proc, and a build needs 2048\. `docker builder prune`/);
        assert.match(stderr, /^Build Cache 71GB$/m);
        assert.ok(!calls.some((call) => call.startsWith("buildx build")));
    });

    test("ends with one line that names the failing dependency", async (context) => {
        const OUTPUT = [
            "#9 [dependencies 2/3] RUN pip install",
            "#9 2.1 ERROR: No matching distribution found for nosuch==1.0",
            "#9 ERROR: process did not complete successfully: exit code: 1",
            " > [dependencies 2/3] RUN pip install:",
        ].join("\n");
        const { exitCode, stdout, stderr } = await build(context, { OUTPUT, FAILS: "yes" });
        assert.deepEqual([exitCode, stdout], [1, ""]);
        assert.equal(
            stderr.split("\n").at(-1),
            "The image of the experiment was not built: a dependency failed: No matching distribution found for nosuch==1.0",
        );
    });

    test("stops docker and leaves no file behind when it is interrupted", async (context) => {
        const started = start(context, { HANGS: "yes" });
        const hanging = join(started.notes, "hanging");
        while (!existsSync(hanging) || readFileSync(hanging, "utf8") === "") await setTimeout(20);
        started.process.kill("SIGTERM");
        const { exitCode, stdout, stderr } = await started.process;
        assert.deepEqual([exitCode, stdout], [1, ""]);
        assert.match(stderr, /was not built: it was interrupted$/);
        assert.deepEqual(readdirSync(started.temporary), []);
        assert.throws(() => process.kill(Number(readFileSync(hanging, "utf8")), 0), { code: "ESRCH" });
    });

    test("says what is missing when there is no docker", async (context) => {
        const { exitCode, stderr } = await build(context, { PATH: dirname(process.execPath) });
        assert.equal(exitCode, 1);
        assert.match(stderr.split("\n").at(-1) ?? "", /there is no docker command: install Docker/);
    });
});

type Variables = Readonly<Record<string, string>>;

async function build(...given: Parameters<typeof start>) {
    const { process: running, notes, temporary } = start(...given);
    const { stdout, stderr, exitCode } = await running;
    const calls = existsSync(join(notes, "calls")) ? readFileSync(join(notes, "calls"), "utf8").trim().split("\n") : [];
    return { stdout, stderr, exitCode, calls, notes, temporary };
}

function start(
    context: TestContext,
    answers: Variables | ((hash: string) => Variables) = {},
    changes: Readonly<Record<string, string>> = {},
) {
    const project = temporaryFolder(context, EXPERIMENT);
    const bin = temporaryFolder(context, { docker: { script: DOCKER } });
    const [notes, temporary] = [temporaryFolder(context), temporaryFolder(context)];
    const options = { path: "recall", platform: "linux/amd64", buildArgs: {}, strict: false, knownHosts: [] };
    const hash = planImage(project, options).contentHash;
    const request = { ...options, repository: "ghcr.io/lab/recall", contentHash: hash };
    put(project, changes);
    const running = execa(process.execPath, [buildProgram], {
        cwd: project,
        reject: false,
        env: {
            ...buildEnvironment.render(request),
            PATH: [bin, process.env.PATH].join(delimiter),
            NOTES: notes,
            TMPDIR: temporary,
            ...(typeof answers === "function" ? answers(hash) : answers),
        },
    });
    return { process: running, notes, temporary };
}

function inspection(hash: string): string {
    const image = { config: { Labels: { "dallinger.content-hash": hash } } };
    return JSON.stringify({ manifest: { digest: OLD_DIGEST }, image });
}
