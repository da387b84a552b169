import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { AppScripts } from "./appScript.ts";

const IMAGE = `registry.example/recall@sha256:${"0".repeat(64)}`;
const PULL =
    '. "$bin/space.sh"; . "$bin/registry.sh"; . "$bin/pull.sh"; require_space() { :; }; pull_image "$IMAGE" "$folder/payload"';

/** A docker that has no image, and whose registry says `answer` before it fails, if it says anything. */
const docker = (answer: string) => `
case "$*" in
image*) exit 1 ;;
*pull*)
    [ "$1" != --config ] || cat "$2/config.json" >&2
    [ -z "${answer}" ] || { echo "${answer}" >&2; exit 1; } ;;
esac`;

function pull(context: TestContext, answer: string, files: Readonly<Record<string, string>> = {}) {
    const scripts = new AppScripts(context, docker(answer), { "payload/free-space": "1", ...files });
    return { scripts, ...scripts.run(`IMAGE=${IMAGE}; ${PULL}`) };
}

suite("an image is pulled", () => {
    test("with the login of the payload, which is gone afterwards", (context) => {
        const { scripts, status, calls } = pull(context, "", { "payload/login/config.json": "the login" });
        assert.equal(status, 0);
        assert.deepEqual(calls.at(-1), `--config ${scripts.folder}/payload/login pull -q ${IMAGE}`);
        assert.ok(!scripts.has("payload/login"));
    });

    test("without one where there is none", (context) => {
        const { status, calls } = pull(context, "");
        assert.deepEqual([status, calls.at(-1)], [0, `pull -q ${IMAGE}`]);
    });

    test("not at all when it is there, and the login is gone nevertheless", (context) => {
        const scripts = new AppScripts(context, "", { "payload/login/config.json": "the login" });
        const { status, calls } = scripts.run(`IMAGE=${IMAGE}; ${PULL}`);
        assert.deepEqual([status, calls], [0, [`image inspect ${IMAGE}`]]);
        assert.ok(!scripts.has("payload/login"));
    });

    for (const answer of [
        "Error response from daemon: pull access denied for recall, repository does not exist or may require 'docker login'",
        "Error response from daemon: Head https://registry.example/v2/: no basic auth credentials",
        "unauthorized: authentication required",
    ]) {
        test(`and says which login is missing, or wrong, when the registry says ${JSON.stringify(answer)}`, (context) => {
            const without = pull(context, answer);
            assert.equal(without.status, 1);
            assert.match(
                without.stderr,
                /not without a login: for one, `\.\/pulumi config set --path 'dallinger:experiment\.image\.registryUser'/,
            );
            const withOne = pull(context, answer, { "payload/login/config.json": "{}" });
            assert.match(withOne.stderr, /not for this login: see dallinger:experiment\.image\.registryUser/);
        });
    }

    test("and speaks of no login when the registry cannot be reached", (context) => {
        const { stderr } = pull(context, "dial tcp: lookup registry.example: no such host");
        assert.match(stderr, /needs a way to that registry/);
        assert.doesNotMatch(stderr, /registryUser/);
    });
});
