import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseDeploymentPolicy, policyLeavesOut } from "../../../../components/image/files/deploymentPolicy.ts";

const policyOf = (text: string) => {
    const parsed = parseDeploymentPolicy(text);
    if ("problems" in parsed) throw new Error(parsed.problems.join("\n"));
    return parsed.policy;
};

suite("a deploy.toml", () => {
    test("leaves out paths from the folder on, names and endings anywhere", () => {
        const policy = policyOf(
            'version = 1\n[exclude]\npaths = ["data", "static/raw"]\nnames = [".venv"]\nsuffixes = [".db"]\n',
        );
        const left = ["data", "data/a", "static/raw/a", "a/.venv/b", "x.db", "a/x.db/b"];
        const kept = ["database", "static/data/a", "raw/a", "venv", "x.dbx", "db"];
        assert.deepEqual(
            left.filter((path) => !policyLeavesOut(policy, path)),
            [],
        );
        assert.deepEqual(
            kept.filter((path) => policyLeavesOut(policy, path)),
            [],
        );
    });

    test("may leave out nothing", () => {
        assert.equal(policyLeavesOut(policyOf("version = 1\n[exclude]\n"), "data/a"), false);
    });

    test("compares letters as Unicode composes them", () => {
        assert.ok(policyLeavesOut(policyOf('version = 1\nexclude.names = ["u\u0308"]'), "a/\u00FC"));
    });

    const refused: Record<string, RegExp> = {
        "version = 1\n[exclude": /^line 2 is no TOML$/,
        "[exclude]": /^version must be 1$/,
        "version = 2\n[exclude]": /^version must be 1$/,
        "version = 1": /^exclude must be a table/,
        "version = 1\nexclude = []": /^exclude must be a table/,
        "version = 1\ninclude = []\n[exclude]": /^include is not known$/,
        "version = 1\n[exclude]\nfiles = []": /^exclude files is not known$/,
        'version = 1\n[exclude]\nnames = "a"': /^exclude.names must be a list of texts$/,
        "version = 1\n[exclude]\nnames = [1]": /^exclude.names.0 must be a list of texts$/,
        'version = 1\n[exclude]\npaths = ["*.db"]': /"\*\.db": patterns and negation are not known/,
        'version = 1\n[exclude]\npaths = ["!a"]': /patterns and negation/,
        'version = 1\n[exclude]\npaths = ["a\\\\b"]': /patterns and negation/,
        'version = 1\n[exclude]\npaths = ["/a"]': /must be relative/,
        'version = 1\n[exclude]\npaths = ["a/../b"]': /must be relative/,
        'version = 1\n[exclude]\npaths = ["a/"]': /must be relative/,
        'version = 1\n[exclude]\nnames = [""]': /must be relative/,
        'version = 1\n[exclude]\nnames = ["a/b"]': /must be one name/,
        'version = 1\n[exclude]\nsuffixes = ["db"]': /must look like \.db/,
        'version = 1\n[exclude]\nsuffixes = ["."]': /must be relative/,
        'version = 1\n[exclude]\nnames = ["requirements.txt"]': /Dallinger decides about that itself/,
        'version = 1\n[exclude]\npaths = ["config.txt"]': /Dallinger decides/,
        'version = 1\n[exclude]\npaths = ["a/.git"]': /Dallinger decides/,
        'version = 1\n[exclude]\nsuffixes = [".dockerignore"]': /Dallinger decides/,
    };
    for (const [text, problem] of Object.entries(refused)) {
        test(`is refused for ${JSON.stringify(text)}`, () => {
            const parsed = parseDeploymentPolicy(text);
            assert.ok("problems" in parsed);
            assert.equal(parsed.problems.length, 1);
            assert.match(parsed.problems[0] ?? "", problem);
        });
    }

    test("tells all that is wrong at once", () => {
        const parsed = parseDeploymentPolicy('version = 1\n[exclude]\npaths = ["*", "/a"]\nsuffixes = ["x"]');
        assert.equal("problems" in parsed && parsed.problems.length, 3);
    });
});
