import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { AppScripts } from "../../../shell/app/appScript.ts";

/** What `uname -m` says, and Docker's name for it. */
const MACHINES = { x86_64: "linux/amd64", aarch64: "linux/arm64", riscv64: "linux/riscv64" };

function requireMachine(context: TestContext, machine: string, platform: string) {
    const scripts = new AppScripts(context, "", { "machine/uname": `#!/bin/sh\necho ${machine}\n` });
    return scripts.run(`chmod +x "$folder/machine/uname"; require_machine ${platform}`);
}

/** An engine for amd64 that has an image for another platform. */
const DOCKER = `
case "$*" in
"version "*) echo linux/amd64 ;;
"image inspect --format {{.Os}}"*) echo "$PLATFORM" ;;
esac`;

function refuseForeign(context: TestContext, platform: string) {
    const scripts = new AppScripts(context, DOCKER);
    const sources = ["prune", "registry", "pull"].map((name) => `. "$bin/${name}.sh"`).join("; ");
    return scripts.run(`export PLATFORM=${platform}; ${sources}; refuse_foreign the-image`);
}

suite("a server", () => {
    for (const [machine, platform] of Object.entries(MACHINES)) {
        test(`that is ${machine} is one of ${platform}`, (context) => {
            assert.equal(requireMachine(context, machine, platform).status, 0);
        });
    }

    test("of another platform than its stack says is refused, with the command that says it right", (context) => {
        const { status, stderr } = requireMachine(context, "aarch64", "linux/amd64");
        assert.equal(status, 1);
        assert.match(
            stderr,
            /^this server is linux\/arm64, and its stack says linux\/amd64: `\.\/pulumi config set --path/,
        );
        assert.match(stderr, /'dallinger:server\.platform' linux\/arm64`/);
    });
});

suite("an image", () => {
    test("of the engine's platform is taken", (context) => {
        assert.equal(refuseForeign(context, "linux/amd64").status, 0);
    });

    test("of another one is refused, and goes again", (context) => {
        const { status, stderr, calls } = refuseForeign(context, "linux/arm64");
        assert.equal(status, 1);
        assert.match(stderr, /the-image is an image for linux\/arm64, and this server runs linux\/amd64/);
        assert.equal(calls.at(-1), "image rm the-image");
    });
});
