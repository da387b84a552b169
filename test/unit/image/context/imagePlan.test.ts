import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { type ImageOptions, planImage } from "../../../../components/image/context/imagePlan.ts";
import { projectFolder } from "../../../../components/program/projectFolder.ts";
import { readTemplate } from "../../../../components/remote/templates.ts";
import { HOST_KEY } from "../../configuration/rawConfiguration.ts";
import { EXPERIMENT } from "../readExperiment.ts";
import { put, temporaryFolder } from "../temporaryFolder.ts";

const OPTIONS: ImageOptions = { path: "recall", platform: "linux/amd64", buildArgs: {} };
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const PINNED = { ...EXPERIMENT, "constraints.txt": "dallinger==12.4.0\n" };
const PRIVATE = { ...PINNED, "requirements.txt": "dallinger\nwords @ git+ssh://git@e.org/words.git\n" };
const CHECKOUT = { "pyproject.toml": '[project]\nname = "dallinger"\n', "dallinger/__init__.py": "" };

const below = (folder: string, files: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

suite("the plan of an image", () => {
    test("of pinned packages on our own base has nothing to say", (context) => {
        const { problems, warnings, usesAgent, bases } = planImage(
            temporaryFolder(context, below("recall", PINNED)),
            OPTIONS,
        );
        assert.deepEqual({ problems, warnings, usesAgent }, { problems: [], warnings: [], usesAgent: false });
        assert.match(bases[0]?.image ?? "", /^python:3\.13-slim-trixie@sha256:[0-9a-f]{64}$/);
    });

    test("warns of what is not pinned, and refuses it when it is strict", (context) => {
        const folder = temporaryFolder(context, below("recall", EXPERIMENT));
        const options = { ...OPTIONS, buildArgs: { BASE: "python:3.13" } };
        const loose = planImage(folder, options);
        assert.deepEqual(loose.problems, []);
        assert.deepEqual(
            loose.warnings.map(({ path }) => path),
            ["recall/constraints.txt", "dallinger:experiment.image.base"],
        );
        const strict = planImage(folder, { ...options, strict: true });
        assert.deepEqual([strict.problems, strict.warnings], [loose.warnings, []]);
    });

    test("of an own Dockerfile looks at its base images, and leaves packages to it", (context) => {
        const folder = temporaryFolder(context, below("recall", { ...EXPERIMENT, Dockerfile: "\nFROM python:3.13\n" }));
        const { warnings, archive } = planImage(folder, OPTIONS);
        assert.deepEqual(
            warnings.map(({ path }) => path),
            ["recall/Dockerfile, line 2"],
        );
        assert.deepEqual(
            archive.map(({ path }) => path),
            ["Dockerfile", "experiment.py", "requirements.txt"],
        );
    });

    test("of an own Dockerfile has no use for a base and a checkout", (context) => {
        const own = (text: string) => {
            const files = { ...below("recall", { ...EXPERIMENT, Dockerfile: text }), ...below("checkout", CHECKOUT) };
            const options = { ...OPTIONS, buildArgs: { BASE: `a@${DIGEST}` }, dallinger: "checkout" };
            return planImage(temporaryFolder(context, files), options).problems.map(({ path }) => path);
        };
        assert.deepEqual(own(`FROM a@${DIGEST}\n`), [
            "dallinger:experiment.image.dallinger",
            "dallinger:experiment.image.base",
        ]);
        assert.deepEqual(own("ARG BASE=b\nFROM $BASE\n"), ["dallinger:experiment.image.dallinger"]);
    });

    test("of private packages uses the agent, and wants their host known", (context) => {
        const folder = temporaryFolder(context, below("recall", PRIVATE));
        const unknown = planImage(folder, OPTIONS);
        assert.equal(unknown.usesAgent, true);
        assert.deepEqual(
            unknown.problems.map(({ path }) => path),
            ["dallinger:experiment.image.knownHosts"],
        );
        const known = planImage(folder, { ...OPTIONS, knownHosts: [`e.org ${HOST_KEY}`] });
        assert.deepEqual(known.problems, []);
        const hosts = known.archive.find(({ path }) => path === "known_hosts");
        assert.equal(String(hosts?.source), `e.org ${HOST_KEY}\n`);
        assert.equal(known.contentHash, unknown.contentHash, "who vouches for the code does not change it");
    });

    const scripts: Readonly<Record<string, boolean>> = {
        "pip install git+ssh://git@e.org/x": true,
        "git clone git@e.org:x": true,
        "pip install x": false,
        "# git clone git@e.org:x": false,
    };
    for (const [script, usesAgent] of Object.entries(scripts)) {
        test(`${usesAgent ? "uses" : "does not use"} the agent for a script that runs ${script}`, (context) => {
            const files = below("recall", { ...PINNED, "prepare_docker_image.sh": script });
            assert.equal(planImage(temporaryFolder(context, files), OPTIONS).usesAgent, usesAgent);
        });
    }

    test("uses the agent for an own Dockerfile that mounts it", (context) => {
        const Dockerfile = `FROM a@${DIGEST}\nRUN --mount=type=ssh,required git clone x\n`;
        const folder = temporaryFolder(context, below("recall", { ...EXPERIMENT, Dockerfile }));
        assert.equal(planImage(folder, OPTIONS).usesAgent, true);
    });

    test("has a checkout of Dallinger among what is built, without what it leaves behind", (context) => {
        const files = {
            ...below("recall", PINNED),
            ...below("Dallinger", CHECKOUT),
            "Dallinger/__pycache__/x.pyc": "",
        };
        const folder = temporaryFolder(context, { ...files, "Dallinger/dallinger/data/x.csv": "" });
        const { archive, problems, contentHash } = planImage(folder, { ...OPTIONS, dallinger: "Dallinger" });
        assert.deepEqual(problems, []);
        assert.deepEqual(
            archive.map(({ path }) => path).filter((path) => path.startsWith("packages/dallinger/")),
            [
                "packages/dallinger/dallinger/__init__.py",
                "packages/dallinger/dallinger/data/x.csv",
                "packages/dallinger/pyproject.toml",
            ],
        );
        put(folder, { "Dallinger/dallinger/__init__.py": "x" });
        assert.notEqual(planImage(folder, { ...OPTIONS, dallinger: "Dallinger" }).contentHash, contentHash);
    });

    test("refuses a key in a checkout, and lets it have defaults of what is sensitive by name", (context) => {
        const defaults = "Dallinger/dallinger/default_configs";
        const files = {
            ...below("recall", PINNED),
            ...below("Dallinger", CHECKOUT),
            [`${defaults}/local_config_defaults.txt`]: "database_url = postgresql:///dallinger\n",
            [`${defaults}/.dallingerconfig`]: "[Email Access]\nsmtp_username = ???\nsmtp_password = ???\n",
            "Dallinger/dallinger/.env": "TOKEN=1\n",
        };
        const { problems } = planImage(temporaryFolder(context, files), { ...OPTIONS, dallinger: "Dallinger" });
        assert.deepEqual(
            problems.map(({ path }) => path),
            ["Dallinger/dallinger/.env"],
        );
    });

    test("a password written into the .dallingerconfig of a checkout does not get into the image", (context) => {
        const path = "Dallinger/dallinger/default_configs/.dallingerconfig";
        const files = {
            ...below("recall", PINNED),
            ...below("Dallinger", CHECKOUT),
            [path]: "smtp_password = ocarina\n",
        };
        const { problems } = planImage(temporaryFolder(context, files), { ...OPTIONS, dallinger: "Dallinger" });
        assert.deepEqual(
            problems.map(({ path, message }) => [path, message]),
            [[path, "sets smtp_password, which is sensitive by its name: whoever can pull the image could read it"]],
        );
        assert.doesNotMatch(JSON.stringify(problems), /ocarina/);
    });

    test("refuses a checkout that is none of Dallinger", (context) => {
        const files = { ...below("recall", PINNED), "other/pyproject.toml": 'name = "other"\n' };
        const folder = temporaryFolder(context, files);
        for (const dallinger of ["other", "nowhere"]) {
            const [problem] = planImage(folder, { ...OPTIONS, dallinger }).problems;
            assert.equal(problem?.path, "dallinger:experiment.image.dallinger");
        }
    });

    test("says nothing of what it could not read", (context) => {
        const folder = temporaryFolder(context, below("recall", { ...EXPERIMENT, "big.wav": "x".repeat(1_100_000) }));
        const { problems, warnings, archive } = planImage(folder, { ...OPTIONS, maxSize: 1, strict: true });
        assert.equal(problems.length, 1);
        assert.deepEqual([warnings, archive], [[], []]);
    });

    test("can choose versions anew, whatever constraints.txt says", (context) => {
        const folder = temporaryFolder(context, below("recall", PINNED));
        const paths = planImage(folder, { ...OPTIONS, renew: true }).archive.map(({ path }) => path);
        assert.ok(!paths.includes("packages/constraints.txt"));
        assert.ok(planImage(folder, OPTIONS).archive.some(({ path }) => path === "packages/constraints.txt"));
    });
});

test("the lab's base for the demo is the one of the Dockerfile, without its digest", () => {
    const list = readFileSync(join(projectFolder, "lab/images/list"), "utf8");
    const [, python = ""] = /^python (\S+)$/m.exec(list) ?? [];
    const dockerfile = readTemplate("image/Dockerfile");
    assert.ok(dockerfile.includes(`ARG BASE=${python}@sha256:`));
});
