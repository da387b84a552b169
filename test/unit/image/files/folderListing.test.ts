import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { readBuildContext } from "../../../../components/image/context/buildContext.ts";
import { contentDigest } from "../../../../components/image/files/contextFile.ts";
import { digestOf, EXPERIMENT, read, sortedPaths } from "../readExperiment.ts";
import { git, put, temporaryFolder } from "../temporaryFolder.ts";

suite("the files of an experiment", () => {
    test("outside git are all but those that Dallinger leaves out", (context) => {
        const { paths } = read(context, {
            "static/word list.txt": "a",
            ".python-version": "3.13",
            "config.txt": "secret",
            "old/config.txt": "secret",
            "participants.db": "",
            "image.dmg": "",
            "local_only/notes": "",
            "node_modules/left-pad/index.js": "",
            "snapshots/1": "",
            "data/export.zip": "",
            "static/data/export.zip": "",
            "develop/x": "",
            "server.log": "",
            "logs.jsonl": "",
            "__pycache__/experiment.pyc": "",
            ".venv/bin/python": "",
        });
        assert.deepEqual(paths, [".python-version", "experiment.py", "requirements.txt", "static/word list.txt"]);
    });

    test("in git are those it tracks or would track, as they are on disk", (context) => {
        const folder = temporaryFolder(context, {
            ...EXPERIMENT,
            ".gitignore": "ignored*\n",
            "tracked.txt": "before",
            "deleted.txt": "",
            "data/kept.csv": "excluded by name even though tracked",
        });
        git(folder, "init", "--quiet");
        git(folder, "add", ".");
        rmSync(join(folder, "deleted.txt"));
        put(folder, { "tracked.txt": "after", "ünträcked.txt": "", "ignored.txt": "", "ignored/x": "" });
        const { files, problems } = readBuildContext(folder, ".");
        assert.deepEqual(problems, []);
        assert.deepEqual(sortedPaths(files), [
            ".gitignore",
            "experiment.py",
            "requirements.txt",
            "tracked.txt",
            "ünträcked.txt",
        ]);
        assert.equal(digestOf(files, "tracked.txt"), contentDigest(Buffer.from("after")));
    });

    test("in a subfolder of a git work tree are that folder's only", (context) => {
        const folder = temporaryFolder(context, { "README.md": "", ".gitignore": "*.log\n" });
        put(join(folder, "experiments/recall"), { ...EXPERIMENT, "debug.log": "" });
        git(folder, "init", "--quiet");
        const { files, problems } = readBuildContext(folder, "experiments/recall");
        assert.deepEqual(problems, []);
        assert.deepEqual(sortedPaths(files), ["experiment.py", "requirements.txt"]);
    });

    test("in a folder that the work tree around it ignores are all", (context) => {
        const folder = temporaryFolder(context, { ".gitignore": "mine/\n" });
        put(join(folder, "mine"), EXPERIMENT);
        git(folder, "init", "--quiet");
        assert.deepEqual(sortedPaths(readBuildContext(folder, "mine").files), ["experiment.py", "requirements.txt"]);
    });

    test("include those of a repository inside the repository", (context) => {
        const folder = temporaryFolder(context, {
            ...EXPERIMENT,
            "library/code.py": "",
            "library/.gitignore": "*.tmp\n",
        });
        put(folder, { "library/x.tmp": "" });
        git(join(folder, "library"), "init", "--quiet");
        git(folder, "init", "--quiet");
        assert.deepEqual(sortedPaths(readBuildContext(folder, ".").files), [
            "experiment.py",
            "library/.gitignore",
            "library/code.py",
            "requirements.txt",
        ]);
    });

    test("include nothing of a repository inside the repository that ignores all that is in it", (context) => {
        const folder = temporaryFolder(context, { ...EXPERIMENT, "raw/answers.csv": "", "raw/.gitignore": "*\n" });
        git(join(folder, "raw"), "init", "--quiet");
        git(folder, "init", "--quiet");
        assert.deepEqual(sortedPaths(readBuildContext(folder, ".").files), ["experiment.py", "requirements.txt"]);
    });

    test("are not those of the repository that a git hook names", (context) => {
        const folder = temporaryFolder(context, EXPERIMENT);
        git(folder, "init", "--quiet");
        process.env.GIT_DIR = join(folder, "elsewhere");
        context.after(() => {
            delete process.env.GIT_DIR;
        });
        assert.deepEqual(readBuildContext(folder, ".").problems, []);
    });

    test("are a problem when git is broken, not another set of files", (context) => {
        const { problems, paths } = read(context, { ".git": "gitdir: /nowhere\n" });
        assert.equal(problems.length, 1);
        assert.match(problems[0]?.message ?? "", /git repository: fatal: not a git repository/);
        assert.deepEqual(paths, []);
    });
});
