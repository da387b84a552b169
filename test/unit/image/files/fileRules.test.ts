import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { checkoutRules, experimentRules } from "../../../../components/image/files/fileRules.ts";
import { git, put, temporaryFolder } from "../temporaryFolder.ts";

suite("the rules for an experiment's files, as data", () => {
    test("have what git knows of the folder from above it, the strongest last", (context) => {
        const top = temporaryFolder(context, { ".gitignore": "# a comment\n*.log\n", "lab/.gitignore": "!keep.log\n" });
        const folder = join(top, "lab/recall");
        put(folder, { "experiment.py": "", ".gitignore": "own\n", "tracked.log": "", "other.log": "" });
        git(top, "init", "--quiet");
        put(top, { ".git/info/exclude": "*.tmp\n" });
        git(folder, "add", "--force", "tracked.log");
        const { git: rules } = experimentRules(folder);
        assert.deepEqual(rules?.outer, [
            { above: "lab/recall/", lines: ["*.tmp"] },
            { above: "lab/recall/", lines: ["*.log"] },
            { above: "recall/", lines: ["!keep.log"] },
        ]);
        assert.deepEqual(rules?.tracked, ["tracked.log"]);
    });

    test("say of a folder that is ignored as a whole that only tracked files belong to it", (context) => {
        const top = temporaryFolder(context, { ".gitignore": "/*\n!/kept\n" });
        const ignored = (folder: string) => {
            put(join(top, folder), { "tracked.py": "", "other.py": "" });
            if (folder !== ".") put(join(top, folder), { ".gitignore": "/*\n!*.py\n" });
            git(top, "add", "--force", `./${folder}/tracked.py`);
            return experimentRules(join(top, folder)).git?.ignored;
        };
        git(top, "init", "--quiet");
        assert.deepEqual(
            [ignored("."), ignored("kept"), ignored("lab/recall"), ignored(":(top) lab")],
            [...[false, false], ...[true, true]],
        );
    });

    test("have nothing of git outside of it, and where a deploy.toml decides", (context) => {
        const folder = temporaryFolder(context, { "experiment.py": "", ".dockerignore": "raw\n!raw/a\n" });
        const { git: none, policy, dockerIgnore, leftOut } = experimentRules(folder);
        assert.deepEqual([none, policy], [undefined, undefined]);
        assert.deepEqual(
            dockerIgnore.map(({ negated }) => negated),
            [false, true],
        );
        assert.ok(leftOut.names.includes("data") && leftOut.endings.includes(".db"));
        put(folder, { "deploy.toml": 'version = 1\n[exclude]\npaths = ["raw"]\n' });
        const decided = experimentRules(folder);
        assert.deepEqual(decided.policy?.paths, ["raw"]);
        assert.ok(decided.policy?.never.includes("config.txt") && !decided.leftOut.names.includes("data"));
    });

    test("have signs of what is sensitive; a file of settings, which only a whole look can clear, is one", (context) => {
        const folder = temporaryFolder(context, { "experiment.py": "" });
        const reasonOf = (name: string) =>
            experimentRules(folder).sensitive.find(
                ({ in: where, expression, flags }) => where === "name" && new RegExp(expression, flags).test(name),
            )?.reason;
        assert.equal(reasonOf(".env"), "is a file for passwords, tokens or keys");
        assert.match(reasonOf("lab.ini") ?? "", /^is a file of settings/);
        assert.equal(reasonOf("experiment.py"), undefined);
        assert.ok(checkoutRules(folder).sensitive.every(({ reason }) => !reason.includes("settings")));
    });
});
