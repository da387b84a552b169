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

suite("a release that goes", () => {
    test("leaves what was secret in it known, for the logs that stay", (context) => {
        const app = new AppScripts(context, "", {
            "releases/aaaaaaaaaaaa/secrets": "first-secret\nboth\n",
            "releases/bbbbbbbbbbbb/secrets": "second-secret\n",
            "releases/aaaaaaaaaaaa/image": image,
        });
        const { stdout, stderr } = app.run(`. "$bin/prune.sh"; remove_image() { :; }
            ln -s releases/bbbbbbbbbbbb "$folder/current"
            prune_releases 1
            ls "$releases"; stat -c %a "$former_secrets"
            echo "one first-secret, one second-secret" | masked_by "$(secret_lists)" 4000`);
        assert.equal(stdout, "bbbbbbbbbbbb\n600\none [secret], one [secret]\n", stderr);
    });
});
