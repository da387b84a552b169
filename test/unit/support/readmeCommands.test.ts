import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pagesWithCommands, shellCommands } from "../../support/readmeCommands.ts";

const project = join(import.meta.dirname, "../../..");
const story = readFileSync(join(project, "test/stories/fast/readme.test.ts"), "utf8");

suite("the commands of the README and of docs/operating.md", async () => {
    const commands = new Set(shellCommands(await pagesWithCommands(project)));

    test("are all run by their story", () => {
        const missing = [...commands].filter((command) => !story.includes(`"${command}"`));
        assert.deepEqual(missing, []);
    });

    test("are all that their story runs", () => {
        const run = [...story.matchAll(/(?:readme\.run|await pulumi)\(\s*"([^"]+)"/g)].map(
            ([, command = ""]) => command,
        );
        assert.ok(run.length > 15, "the story runs its commands in another way");
        assert.deepEqual(
            run.filter((command) => !commands.has(command)),
            [],
        );
    });
});
