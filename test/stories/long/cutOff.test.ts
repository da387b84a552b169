import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { checkout } from "../../support/testLab.ts";

/** A program of two resources, the first of which takes 50 seconds where there is a file `long`. */
function program(guarded: boolean): string {
    const guard = `import { failWhenCutOff } from "${checkout}/components/program/failWhenCutOff.ts";\nfailWhenCutOff();`;
    return `
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { local } from "@pulumi/command";
${guarded ? guard : ""}
const nap = existsSync("long") ? 50 : 0;
const first = new local.Command("first", { create: \`sleep \${nap}\` });
new local.Command("second", { create: "true" }, { dependsOn: [first] });
const [, port] = /--monitor\\0[^:]*:(\\d+)/.exec(readFileSync("/proc/self/cmdline", "utf8"));
if (nap > 0) writeFileSync("waiting", port);
`;
}

/** What is printed when a packet or two get lost while the program waits. */
async function upWithLoss(guarded: boolean): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "cut-off-"));
    try {
        await writeFile(
            join(folder, "Pulumi.yaml"),
            "name: cut-off\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
        );
        await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.js" }));
        await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
        await writeFile(join(folder, "index.js"), program(guarded));
        const env = { PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: "of a test" };
        const options = { cwd: folder, env, all: true, stdin: "ignore" } as const;
        await execa("pulumi", ["stack", "init", "test"], options);
        await execa("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", "test"], options);
        await writeFile(join(folder, "long"), "");
        const script = join(checkout, "test/stories/steps/cutOff/lostProbe.sh");
        const { all } = await execa("unshare", ["--net", script, "test"], { ...options, reject: false });
        return all;
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

suite("packets that get lost between a program and Pulumi, while a resource takes its time", {
    concurrency: true,
}, () => {
    test("remove nothing: what the program has not declared yet is still wanted", async () => {
        const printed = await upWithLoss(true);
        assert.match(printed, / 1 updated\n +2 unchanged\n/, printed);
    });

    test("remove what a program of Pulumi's alone has not declared yet: it is these packets that matter", async () => {
        const printed = await upWithLoss(false);
        assert.match(printed, /[1-9]\d* packets lost/);
        assert.match(printed, /second deleted/, printed);
    });
});
