import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { countResources, trivialProgram } from "../../bench/cases/programs.ts";

suite("the program that the no-op is compared with", () => {
    test("imports what the real one imports, and has as many resources", async () => {
        const program = await readFile(join(projectFolder, "index.ts"), "utf8");
        const lines = trivialProgram(program, { components: 1, custom: 13 }).split("\n");
        const modules = (text: string) => [...text.matchAll(/"\.\/[^"]+"/g)].map(([module]) => module);
        assert.ok(modules(program).length > 4);
        assert.deepEqual(modules(lines.join("\n")), modules(program));
        assert.ok(lines.some((line) => /index < 1; .*new ComponentResource\(/.test(line)));
        assert.ok(lines.some((line) => /index < 13; .*new RandomUuid\(/.test(line)));
    });

    test("is refused when nothing would be imported", () => {
        assert.throws(() => trivialProgram("export {};\n", { components: 0, custom: 0 }), /imports nothing/);
    });

    test("counts components and resources, without the stack and providers", () => {
        const types: [string, boolean][] = [
            ["pulumi:pulumi:Stack", false],
            ["pulumi:providers:random", true],
            ["pulumi:pulumi:StackReference", true],
            ["dallinger:index:ExperimentApp", false],
            ["command:remote:Command", true],
        ];
        const resources = types.map(([type, custom]) => ({ type, custom, urn: `urn:${type}` }));
        assert.deepEqual(countResources({ version: 3, deployment: { resources } }), { components: 1, custom: 2 });
    });
});
