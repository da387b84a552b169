import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { readBuildContext } from "../../../../components/image/context/buildContext.ts";
import { EXPERIMENT, read, sortedPaths } from "../readExperiment.ts";
import { git, temporaryFolder } from "../temporaryFolder.ts";

const STARTER = `version = 1
[exclude]
paths = ["data", "local_only"]
names = [".env", ".venv"]
suffixes = [".db"]
`;

suite("a .dockerignore", () => {
    test("leaves out more than git does, and is not in the image itself", (context) => {
        const { paths, problems } = read(context, {
            ".dockerignore": "**/*.wav\n!kept.wav\ndocs\n",
            "a.wav": "",
            "kept.wav": "",
            "docs/index.md": "",
            "static/b.wav": "",
        });
        assert.deepEqual(problems, []);
        assert.deepEqual(paths, ["experiment.py", "kept.wav", "requirements.txt"]);
    });

    test("leaves out a file of keys, which is no problem then", (context) => {
        assert.deepEqual(read(context, { ".dockerignore": ".env\n", ".env": "TOKEN=1" }).problems, []);
    });

    test("leaves out a link that leads nowhere, and files behind a link", (context) => {
        const { paths, problems } = read(context, {
            ".dockerignore": "gone\nwords/two.txt\n",
            gone: { link: "nowhere" },
            "static/one.txt": "",
            "static/two.txt": "",
            words: { link: "static" },
        });
        assert.deepEqual(problems, []);
        assert.deepEqual(paths.slice(-3), ["static/one.txt", "static/two.txt", "words/one.txt"]);
    });

    test("never leaves out the Dockerfile, and gives way to the one that is named after it", (context) => {
        const { paths, hasDockerfile } = read(context, {
            Dockerfile: "FROM scratch\n",
            ".dockerignore": "a\n",
            "Dockerfile.dockerignore": "b\nDockerfile\n",
            a: "",
            b: "",
        });
        assert.equal(hasDockerfile, true);
        assert.deepEqual(paths, ["Dockerfile", "a", "experiment.py", "requirements.txt"]);
    });

    test("with a line that is no pattern is refused", (context) => {
        const { problems } = read(context, { ".dockerignore": "a\n[b\n" });
        assert.deepEqual(problems, [{ path: "./.dockerignore", message: 'line 2, "[b", is no pattern' }]);
    });
});

suite("a deploy.toml", () => {
    test("decides instead of git and of the excluded names", (context) => {
        const folder = temporaryFolder(context, {
            ...EXPERIMENT,
            "deploy.toml": STARTER,
            ".gitignore": "ignored.txt\n",
            "ignored.txt": "",
            "data/raw.csv": "",
            "static/data/words.csv": "",
            "node_modules/library.js": "",
            ".env": "TOKEN=1",
            "participants.db": "",
        });
        git(folder, "init", "--quiet");
        const { files, problems } = readBuildContext(folder, ".");
        assert.deepEqual(problems, []);
        assert.deepEqual(sortedPaths(files), [
            ".gitignore",
            "deploy.toml",
            "experiment.py",
            "ignored.txt",
            "node_modules/library.js",
            "requirements.txt",
            "static/data/words.csv",
        ]);
    });

    test("brings in neither settings nor what running an experiment leaves", (context) => {
        const { paths } = read(context, {
            "deploy.toml": STARTER,
            "config.txt": "",
            "runtime.txt": "",
            "experiment_id.txt": "",
            "__pycache__/experiment.pyc": "",
            "logs.jsonl": "",
            "server.log": "",
            "a/.git/HEAD": "",
            "a/config.txt": "[A]\ntitle = x\n",
        });
        assert.deepEqual(paths, ["a/config.txt", "deploy.toml", "experiment.py", "requirements.txt"]);
    });

    test("does not let a file of keys in", (context) => {
        const { problems } = read(context, { "deploy.toml": "version = 1\n[exclude]\n", ".env": "TOKEN=1" });
        assert.deepEqual(
            problems.map(({ path }) => path),
            ["./.env"],
        );
    });

    test("is used with a .dockerignore, which leaves out more", (context) => {
        const { paths } = read(context, { "deploy.toml": STARTER, ".dockerignore": "a\n", a: "", b: "" });
        assert.deepEqual(paths, ["b", "deploy.toml", "experiment.py", "requirements.txt"]);
    });

    test("that Dallinger would refuse is refused", (context) => {
        const { problems } = read(context, { "deploy.toml": 'version = 1\n[exclude]\npaths = ["*.db"]\n' });
        assert.equal(problems[0]?.path, "./deploy.toml");
        assert.match(problems[0]?.message ?? "", /exclude\.paths has "\*\.db"/);
    });
});

suite("too many bytes", () => {
    test("are one problem that names the biggest files and the two ways out", (context) => {
        const content = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`${n}.wav`, "x".repeat(n * 100_000)]));
        const folder = temporaryFolder(context, { ...EXPERIMENT, ...content });
        const { problems, files } = readBuildContext(folder, ".", 2);
        assert.deepEqual(files, []);
        assert.deepEqual(problems, [
            {
                path: ".",
                message:
                    "has 2.1 MB for the image, more than 2 MB; the biggest are 6.wav (600 kB), 5.wav (500 kB), 4.wav (400 kB), 3.wav (300 kB), 2.wav (200 kB)",
                fix: "Name in .dockerignore what the experiment does not need, or raise the limit:\npulumi config set --path 'dallinger:experiment.image.maxSize' 50",
            },
        ]);
    });

    test("are more than the limit: that much is allowed", (context) => {
        const folder = temporaryFolder(context, { ...EXPERIMENT, rest: "" });
        const used = Object.values(EXPERIMENT).join("").length;
        const withRest = (bytes: number) => temporaryFolder(context, { ...EXPERIMENT, rest: "x".repeat(bytes - used) });
        assert.deepEqual(readBuildContext(folder, ".", 1).problems, []);
        assert.deepEqual(readBuildContext(withRest(1_000_000), ".", 1).problems, []);
        assert.equal(readBuildContext(withRest(1_000_001), ".", 1).problems.length, 1);
    });

    test("count the files behind links, and not those that are left out", (context) => {
        const big = "x".repeat(600_000);
        const folder = temporaryFolder(context, { ...EXPERIMENT, "a.wav": big, "b.wav": { link: "a.wav" } });
        assert.equal(readBuildContext(folder, ".", 1).problems.length, 1);
        const without = temporaryFolder(context, { ...EXPERIMENT, "a.wav": big, "data/b.wav": big });
        assert.deepEqual(readBuildContext(without, ".", 1).problems, []);
    });
});

test("files are in the order of their bytes, wherever a file system has them", (context) => {
    const folder = temporaryFolder(context, { ...EXPERIMENT, "\uFFFD": "", "\u{1F600}": "", B: "", a: "" });
    const { files } = readBuildContext(join(folder, ".."), folder.slice(folder.lastIndexOf("/") + 1));
    assert.deepEqual(
        files.map(({ path }) => path),
        ["B", "a", "experiment.py", "requirements.txt", "\uFFFD", "\u{1F600}"],
    );
});
