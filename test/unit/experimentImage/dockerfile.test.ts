import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { execa } from "execa";
import { type Content, temporaryFolder } from "./temporaryFolder.ts";

interface Instruction {
    readonly keyword: string;
    readonly text: string;
}

const TEXT = readFileSync(join(import.meta.dirname, "../../../templates/image/Dockerfile"), "utf8");
const INSTRUCTIONS = parse(TEXT);
const RUN_STAGE = INSTRUCTIONS.slice(INSTRUCTIONS.findLastIndex(({ keyword }) => keyword === "FROM"));

suite("the Dockerfile of experiments without their own", () => {
    test("needs no other Dockerfile frontend than the engine's: that would be fetched from the internet", () => {
        assert.doesNotMatch(TEXT, /^#\s*syntax\s*=/im);
    });

    test("starts from a base that a build argument replaces", () => {
        assert.deepEqual(INSTRUCTIONS[0], { keyword: "ARG", text: "BASE=python:3.13-slim-trixie" });
        assert.match(INSTRUCTIONS[1]?.text ?? "", /^\$\{BASE\} AS prepared$/);
        const stages = ["prepared", "dependencies"];
        const froms = INSTRUCTIONS.filter(({ keyword }) => keyword === "FROM").slice(1);
        for (const { text } of froms) assert.ok(stages.includes(text.split(" ")[0] ?? ""), text);
    });

    test("leaves the compiler out of the image that runs", () => {
        assert.ok(INSTRUCTIONS.some(({ text }) => /apt-get install .*\bgcc\b/.test(text)));
        const inherited = stage("prepared");
        for (const { text } of [...inherited, ...RUN_STAGE]) assert.doesNotMatch(text, /gcc|libpq-dev/);
    });

    test("installs packages before it copies code, so that a change of code installs nothing again", () => {
        const install = INSTRUCTIONS.findIndex(({ text }) => text.includes("pip install"));
        const code = INSTRUCTIONS.findIndex(({ text }) => text.includes("experiment/ /experiment/"));
        assert.ok(install > 0 && code > install);
    });

    test("puts the experiment's pages on top of Dallinger's", () => {
        const copies = RUN_STAGE.filter(({ keyword }) => keyword === "COPY").map(({ text }) => text.split(" ").at(-2));
        assert.deepEqual(copies, ["/opt/venv", "/frontend/", "experiment/"]);
    });

    test("runs the web without a shell and without being root, wherever it may write", () => {
        const last = (keyword: string) => RUN_STAGE.findLast((instruction) => instruction.keyword === keyword)?.text;
        assert.equal(last("CMD"), '["dallinger_heroku_web"]');
        assert.equal(last("USER"), "10001:10001");
        assert.match(last("ENV") ?? "", /PORT=5000 HOME=\/tmp/);
    });

    test("ignores no failure", () => {
        assert.doesNotMatch(TEXT, /\|\|\s*(true|:)/);
        assert.doesNotMatch(TEXT, /;\s*(true|:)\s*$/m);
    });
});

suite("the installation of an experiment's packages", () => {
    const cases: readonly { files: Record<string, string>; pip: string }[] = [
        { files: { "requirements.txt": "" }, pip: "install --progress-bar off --requirement requirements.txt" },
        {
            files: { "requirements.txt": "", "constraints.txt": "" },
            pip: "install --progress-bar off --requirement requirements.txt --constraint constraints.txt",
        },
        { files: { "constraints.txt": "" }, pip: "install --progress-bar off --requirement constraints.txt" },
    ];
    for (const { files, pip } of cases) {
        test(`from ${Object.keys(files).join(" and ")} is pip ${pip}`, async (context) => {
            const { exitCode, stdout } = await runStep(context, "pip install", files, { pip: "echo $*" });
            assert.deepEqual([exitCode, stdout], [0, pip]);
        });
    }

    test("fails when pip does", async (context) => {
        const { exitCode } = await runStep(context, "pip install", { "requirements.txt": "" }, { pip: "exit 3" });
        assert.equal(exitCode, 3);
    });

    for (const file of ["requirements.txt", "constraints.txt"]) {
        test(`comes with git when ${file} names a repository`, async (context) => {
            const files = { "requirements.txt": "dallinger\n", [file]: "x @ git+https://example.org/x.git\n" };
            const { stderr } = await runStep(context, "git+", files, { "apt-get": "echo $* >&2" });
            assert.match(stderr, /install .*\bgit\b/);
        });
    }

    test("comes without git when no repository is named", async (context) => {
        const files = { "requirements.txt": "dallinger==12.4.0\n" };
        const { exitCode, stderr } = await runStep(context, "git+", files, { "apt-get": "echo $* >&2" });
        assert.equal(exitCode, 0);
        assert.match(stderr, /install .*\bgcc\b/);
        assert.doesNotMatch(stderr, /\bgit\b/);
    });
});

suite("prepare_docker_image.sh", () => {
    test("is run although it came without its executable bit", async (context) => {
        const { stdout } = await runStep(context, "prepare_docker_image.sh ]", {
            "prepare_docker_image.sh": "#!/bin/sh\necho prepared\n",
        });
        assert.equal(stdout, "prepared");
    });

    test("fails the build when it fails", async (context) => {
        const files = { "prepare_docker_image.sh": "#!/bin/sh\nexit 4\n" };
        assert.equal((await runStep(context, "prepare_docker_image.sh ]", files)).exitCode, 4);
    });

    test("need not be there", async (context) => {
        assert.equal((await runStep(context, "prepare_docker_image.sh ]", {})).exitCode, 0);
    });
});

/** Runs the one RUN instruction that has `marker` in it, in a folder with these files and these commands in PATH. */
async function runStep(
    context: TestContext,
    marker: string,
    files: Readonly<Record<string, string>>,
    commands: Readonly<Record<string, string>> = {},
) {
    const found = INSTRUCTIONS.filter(({ keyword, text }) => keyword === "RUN" && text.includes(marker));
    assert.equal(found.length, 1);
    const scripts = Object.entries(commands).map(([name, body]): [string, Content] => [
        name,
        { script: `#!/bin/sh\n${body}\n` },
    ]);
    const bin = temporaryFolder(context, Object.fromEntries(scripts));
    return execa("sh", ["-c", found[0]?.text.replace(/^--mount=\S+\s+/, "") ?? ""], {
        cwd: temporaryFolder(context, files),
        env: { PATH: [bin, process.env.PATH].join(delimiter) },
        reject: false,
    });
}

function stage(name: string): Instruction[] {
    const start = INSTRUCTIONS.findIndex(({ keyword, text }) => keyword === "FROM" && text.endsWith(` AS ${name}`));
    const length = INSTRUCTIONS.slice(start + 1).findIndex(({ keyword }) => keyword === "FROM");
    return INSTRUCTIONS.slice(start, start + 1 + length);
}

function parse(text: string): Instruction[] {
    const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
    return lines
        .join("\n")
        .replaceAll("\\\n", " ")
        .split("\n")
        .map((line) => line.trim())
        .map((line) => ({
            keyword: line.split(/\s/, 1)[0] ?? "",
            text: line.replace(/^\S+\s+/, "").replaceAll(/\s+/g, " "),
        }));
}
