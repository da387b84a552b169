import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { EXIT } from "../../../ops/exitStatus.ts";
import { CommandLine } from "./commandLine.ts";

suite("the command line", () => {
    test("tells what each command does, by its own name", async (t) => {
        const line = await CommandLine.create(t);
        const below = (await completed(line, "backups", "")).map((name) => `backups ${name}`);
        const names = [...(await completed(line, "")), ...below].filter((name) => !/help|complete/.test(name));
        assert.ok(names.includes("logs") && names.includes("backups fetch"), `${names}`);
        // One process for all of them.
        const program = `import { runCommandLine } from "${join(projectFolder, "ops/commandLine.ts")}";
for (const name of ${JSON.stringify(names)}) console.log("status", await runCommandLine("dlgr", [...name.split(" "), "--help"]));`;
        const { stdout } = await execa(process.execPath, ["--input-type=module-typescript", "-e", program]);
        const helps = stdout.split(/^status 0$/m);
        for (const [index, name] of names.entries())
            assert.match(helps[index] ?? "", new RegExp(`^\\s*Usage: dlgr ${name} [^\\n]*\\n\\n[^\\n]{20,}\\n`));
    });

    test("knows what a misspelt command or option was to be, and does nothing", async (t) => {
        const line = await CommandLine.create(t);
        for (const [args, hint] of [
            [["lgs"], "logs"],
            [["backups", "fetsh"], "fetch"],
            [["logs", "--folow"], "--follow"],
            [["logs", "wbe"], "web, worker, clock, redis, pgbouncer"],
            [["open", "dashbord"], "dashboard"],
            [["restore"], "FOLDER"],
        ] as const) {
            const { exitCode, stderr, asked } = await line.run(args);
            assert.deepEqual([exitCode, asked], [EXIT.misused, ""]);
            assert.ok(stderr.includes(hint), stderr);
        }
        const nothing = await line.run([]);
        assert.equal(nothing.exitCode, EXIT.misused);
        assert.match(nothing.stderr, /logs .*what its processes have logged/);
    });

    test("is completed by a shell, commands, options and what they may be", async (t) => {
        const line = await CommandLine.create(t);
        assert.deepEqual(await completed(line, "rel"), ["releases"]);
        assert.deepEqual(await completed(line, "logs", "w"), ["web", "worker"]);
        assert.deepEqual(await completed(line, "backups", "fetch", "--t"), ["--to"]);
        const { stdout: script } = await line.run(["complete", "bash"]);
        await execa("bash", ["-n"], { input: script });
    });

    test("is called by the package's name where it is that", async (t) => {
        const line = await CommandLine.create(t);
        const command = join(line.folder, "bin/dallinger-pulumi");
        await symlink(join(line.folder, "project/ops/dallinger"), command);
        const { stdout } = await execa(command, ["complete", "zsh"], { env: { HOME: line.folder } });
        assert.match(stdout, /^#compdef dallinger-pulumi$/m);
    });

    test("says what it was asked of a stack that is not there, with a status of its own", async (t) => {
        const { exitCode, stdout, stderr } = await (await CommandLine.create(t)).run([
            "stats",
            "--json",
            "--stack",
            "none",
        ]);
        assert.deepEqual([exitCode, stdout], [EXIT.refused, ""]);
        assert.match(stderr, /no stack named 'none' found/);
    });
});

/** What a shell is told that words may go on with. */
async function completed(line: CommandLine, ...words: readonly string[]): Promise<string[]> {
    const { stdout } = await line.run(["complete", "--", ...words]);
    return stdout
        .split("\n")
        .filter((each) => !/^:\d+$/.test(each))
        .map((each) => each.replace(/\t.*/, ""));
}
