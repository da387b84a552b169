import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { AppScripts } from "./appScript.ts";

const HASH = "0123456789abcdef".repeat(4);
const [FIRST, SECOND] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
const PULLED = `127.0.0.1:4321/repository@sha256:${"c".repeat(64)}`;

/** An engine with the images whose ids stand in $IMAGES, all made from the content; $ARRIVES is one more when it has pulled. */
const DOCKER = `
known=$(cat "$CALLS" | grep -q '^pull' && echo "$ARRIVES" || :)
case "$*" in
"image ls "*) printf '%s\\n' $IMAGES $known ;;
"image inspect "*) for last in "$@"; do :; done; echo "\${HASH_OF:-${HASH}} $last" ;;
"pull "*) [ -z "$FAILS" ] || { echo "$FAILS" >&2; exit 1; } ;;
esac`;

interface Engine {
    readonly images?: string;
    readonly arrives?: string;
    readonly fails?: string;
    /** Image of the release that serves. */
    readonly serving?: string;
}

function deliver(context: TestContext, { images = "", arrives = "", fails = "", serving }: Engine, input = "") {
    const files = serving === undefined ? {} : { "current/image": serving };
    const scripts = new AppScripts(context, DOCKER, files);
    const variables = `export IMAGES='${images}' ARRIVES='${arrives}' FAILS='${fails}'`;
    // What the server itself has is of no concern here.
    const verb = `. "$bin/verbs/deliver.sh"; require_layout() { :; }; require_space() { :; }`;
    return scripts.run(`${variables}; ${verb}; verb_deliver ${HASH} recall:0123 2048`, input);
}

suite("the server is asked for an image that no registry has", () => {
    test("and says which it has, without a word more", (context) => {
        const { stdout, calls } = deliver(context, { images: `${FIRST} ${SECOND}` });
        assert.equal(stdout, `there ${FIRST}\n`);
        assert.ok(!calls.some((call) => call.startsWith("pull")));
    });

    test("and takes the one that serves, if it was made from the same", (context) => {
        assert.equal(
            deliver(context, { images: `${FIRST} ${SECOND}`, serving: SECOND ?? "" }).stdout,
            `there ${SECOND}\n`,
        );
    });

    test("and pulls what it does not have, under a name of its own", (context) => {
        const { stdout, calls } = deliver(context, { arrives: FIRST ?? "" }, `pull ${PULLED}\n`);
        assert.equal(stdout, `missing\nthere ${FIRST}\n`);
        const [pulled = -1, tagged = -1, removed = -1] = [
            `pull -q ${PULLED}`,
            `tag ${PULLED} recall:0123`,
            `image rm ${PULLED}`,
        ].map((call) => calls.indexOf(call));
        assert.ok(pulled >= 0 && pulled < tagged && tagged < removed, calls.join("\n"));
    });

    test("and pulls from nowhere but its own loopback", (context) => {
        const { status, calls } = deliver(context, {}, `pull registry.example/a@sha256:${"c".repeat(64)}\n`);
        assert.equal(status, 1);
        assert.ok(!calls.some((call) => call.startsWith("pull")));
    });

    test("and says why it could not pull", (context) => {
        const { status, stderr } = deliver(context, { fails: "unexpected EOF" }, `pull ${PULLED}\n`);
        assert.equal(status, 1);
        assert.match(stderr, /unexpected EOF\nthe server could not pull the image through the connection/);
    });

    test("and does not believe that an image is there which is not", (context) => {
        const { status, stdout, stderr } = deliver(context, {}, "built\n");
        assert.deepEqual([status, stdout], [1, "missing\n"]);
        assert.match(stderr, /this server does not have the image recall:0123/);
    });

    test("and ends when nobody is there any more", (context) => {
        const { status, stdout } = deliver(context, {});
        assert.deepEqual([status, stdout], [0, "missing\n"]);
    });
});
