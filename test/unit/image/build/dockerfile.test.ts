import assert from "node:assert/strict";
import { delimiter } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { execa } from "execa";
import { readTemplate } from "../../../../components/remote/templates.ts";
import { type Content, temporaryFolder } from "../temporaryFolder.ts";

interface Instruction {
    readonly keyword: string;
    readonly text: string;
}

const TEXT = readTemplate("image/Dockerfile");
const INSTRUCTIONS = parse(TEXT);
const RUN_STAGE = INSTRUCTIONS.slice(INSTRUCTIONS.findLastIndex(({ keyword }) => keyword === "FROM"));

suite("the Dockerfile of experiments without their own", () => {
    test("needs no other Dockerfile frontend than the engine's: that would be fetched from the internet", () => {
        assert.doesNotMatch(TEXT, /^#\s*syntax\s*=/im);
    });

    test("starts from a base that a build argument replaces", () => {
        assert.equal(INSTRUCTIONS[0]?.keyword, "ARG");
        assert.match(INSTRUCTIONS[0]?.text ?? "", /^BASE=python:3\.13-slim-trixie@sha256:[0-9a-f]{64}$/);
        assert.match(INSTRUCTIONS[1]?.text ?? "", /^\$\{BASE\} AS prepared$/);
        const stages = ["prepared", "dependencies", "scratch"];
        const froms = INSTRUCTIONS.filter(({ keyword }) => keyword === "FROM").slice(1);
        for (const { text } of froms) assert.ok(stages.includes(text.split(" ")[0] ?? ""), text);
    });

    test("leaves the compiler out of the image that runs", () => {
        assert.ok(INSTRUCTIONS.some(({ text }) => /apt-get install .*\bgcc\b/.test(text)));
        const inherited = stage("prepared");
        for (const { text } of [...inherited, ...RUN_STAGE]) assert.doesNotMatch(text, /gcc|libpq-dev/);
    });

    test("installs packages before it copies code, so that a change of code installs nothing again", () => {
        const install = INSTRUCTIONS.findIndex(({ text }) => text.includes("install.sh"));
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

suite("a step that may take private code", () => {
    const steps = INSTRUCTIONS.filter(({ text }) => text.includes("type=ssh"));

    test("is the preparation or the installation, and no other", () => {
        assert.equal(steps.length, 2);
        assert.match(steps[0]?.text ?? "", /prepare_docker_image\.sh/);
        assert.match(steps[1]?.text ?? "", /sh \/packages\/install\.sh$/);
    });

    test("trusts the hosts of the stack's configuration, which are in no layer", () => {
        for (const { text } of steps) {
            assert.match(text, /--mount=type=bind,source=known_hosts,target=\/run\/known_hosts /);
            assert.match(
                text,
                /StrictHostKeyChecking=yes -o UserKnownHostsFile=\/run\/known_hosts -o GlobalKnownHostsFile=none/,
            );
        }
        assert.doesNotMatch(TEXT, /StrictHostKeyChecking=(?!yes)/);
        for (const { text } of INSTRUCTIONS.filter(({ keyword }) => /COPY|ADD/.test(keyword)))
            assert.doesNotMatch(text, /known_hosts/);
    });
});

suite("the tools for packages", () => {
    for (const file of ["requirements.txt", "constraints.txt"]) {
        test(`include git when ${file} names a repository`, async (context) => {
            const { stderr } = await tools(context, { [file]: "x @ git+https://example.org/x.git\n" });
            assert.match(stderr, /install .*\bgit\b/);
        });
    }

    test("do not when no repository is named", async (context) => {
        const { exitCode, stderr } = await tools(context, { "requirements.txt": "dallinger==12.4.0\n" });
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

/** Runs the step that installs tools, with these files below `packages/`. */
async function tools(context: TestContext, files: Readonly<Record<string, string>>) {
    const packages = temporaryFolder(context, files);
    return await runStep(context, "git+", {}, { "apt-get": "echo $* >&2" }, (text) =>
        text.replaceAll("/packages/", `${packages}/`),
    );
}

/** Runs the one RUN instruction that has `marker` in it, in a folder with these files and these commands in PATH. */
async function runStep(
    context: TestContext,
    marker: string,
    files: Readonly<Record<string, string>>,
    commands: Readonly<Record<string, string>> = {},
    edit = (text: string) => text,
) {
    const found = INSTRUCTIONS.filter(({ keyword, text }) => keyword === "RUN" && text.includes(marker));
    assert.equal(found.length, 1);
    const scripts = Object.entries(commands).map(([name, body]): [string, Content] => [
        name,
        { script: `#!/bin/sh\n${body}\n` },
    ]);
    const bin = temporaryFolder(context, Object.fromEntries(scripts));
    const text = found[0]?.text.replace(/^(--mount=\S+\s+)+/, "") ?? "";
    return execa("sh", ["-c", edit(text)], {
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
