import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { AppScripts } from "./appScript.ts";

const image = "registry.example/image@sha256:1";

function remove(context: TestContext, files: Readonly<Record<string, string>>) {
    const { calls } = new AppScripts(context, "", files).run(`. "$bin/prune.sh"; remove_image ${image}`);
    return calls.includes(`image rm ${image}`);
}

suite("an image that an app has had", () => {
    test("goes with its last release", (context) => {
        assert.equal(remove(context, { "apps/other/releases/0123456789ab/image": "another\n" }), true);
    });

    test("stays while a release of another app has it", (context) => {
        assert.equal(remove(context, { "apps/other/releases/0123456789ab/image": `${image}\n` }), false);
    });

    test("stays while another app is about to begin with it, which has found it there", (context) => {
        assert.equal(remove(context, { "apps/other/image-wanted": `${image}\n` }), false);
    });

    test("is noted by who finds it there, before it is looked for", (context) => {
        const docker =
            'folder=$(dirname "$0")/..; case $* in "image inspect"*) cp "$folder/image-wanted" "$folder/noted" ;; esac';
        const scripts = new AppScripts(context, docker, { "payload/none": "" });
        assert.equal(scripts.run(`. "$bin/pull.sh"; pull_image ${image} "$folder/payload"`).status, 0);
        assert.ok(scripts.has("noted"));
    });
});
