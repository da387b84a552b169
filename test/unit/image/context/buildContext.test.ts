import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, utimesSync } from "node:fs";
import { join, relative } from "node:path";
import { suite, test } from "node:test";
import { readBuildContext } from "../../../../components/image/context/buildContext.ts";
import { EXPERIMENT, hashOf } from "../readExperiment.ts";
import { put, temporaryFolder } from "../temporaryFolder.ts";

suite("an experiment's folder", () => {
    test("that is not there is one problem, of the setting that names it", (context) => {
        const folder = temporaryFolder(context);
        const { problems, files } = readBuildContext(folder, "examples/nowhere");
        assert.deepEqual(files, []);
        assert.deepEqual(problems, [
            {
                path: "dallinger:experiment.path",
                message: 'names "examples/nowhere", but there is no such folder beside Pulumi.yaml',
                fix: "pulumi config set --path 'dallinger:experiment.path' examples/recall",
            },
        ]);
    });

    test("that is a file is no folder", (context) => {
        const folder = temporaryFolder(context, { recall: "" });
        assert.equal(readBuildContext(folder, "recall").problems[0]?.path, "dallinger:experiment.path");
    });

    test("without an experiment or requirements has both problems", (context) => {
        const folder = temporaryFolder(context, { "recall/README.md": "" });
        assert.deepEqual(
            readBuildContext(folder, "recall").problems.map(({ path, message }) => `${path} ${message}`),
            [
                "recall has no experiment.py: it is no Dallinger experiment",
                "recall has no requirements.txt, so that its image would have no Dallinger",
            ],
        );
    });

    test("may name its experiment dallinger_experiment.py and its packages in constraints.txt", (context) => {
        const folder = temporaryFolder(context, { "dallinger_experiment.py": "", "constraints.txt": "" });
        assert.deepEqual(readBuildContext(folder, ".").problems, []);
    });

    test("with a Dockerfile of its own needs no requirements", (context) => {
        const folder = temporaryFolder(context, { "experiment.py": "", Dockerfile: "FROM scratch\n" });
        const { hasDockerfile, problems } = readBuildContext(folder, ".");
        assert.deepEqual([hasDockerfile, problems], [true, []]);
    });

    test("hashes the same wherever it lies, whoever copied it and when", (context) => {
        const files = { ...EXPERIMENT, "static/a.txt": "a", "bin/run": { script: "#!/bin/sh\n" } };
        const here = temporaryFolder(context, files);
        const there = join(temporaryFolder(context), "deep", "down");
        mkdirSync(there, { recursive: true });
        cpSync(here, there, { recursive: true });
        for (const path of ["experiment.py", "static/a.txt"]) {
            chmodSync(join(there, path), 0o666);
            utimesSync(join(there, path), 1, 1);
        }
        chmodSync(join(there, "bin/run"), 0o700);
        chmodSync(join(there, "static"), 0o700);
        const hash = (folder: string, from: string) => hashOf(readBuildContext(from, relative(from, folder)));
        assert.equal(hash(there, "/"), hash(here, join(here, "static")));
    });

    test("hashes the same when others than its owner may run a file: a umask decides that", (context) => {
        const folder = temporaryFolder(context, EXPERIMENT);
        const before = hashOf(readBuildContext(folder, "."));
        chmodSync(join(folder, "experiment.py"), 0o655);
        assert.equal(hashOf(readBuildContext(folder, ".")), before);
    });

    test("hashes otherwise when a file may be run", (context) => {
        const folder = temporaryFolder(context, EXPERIMENT);
        const before = hashOf(readBuildContext(folder, "."));
        chmodSync(join(folder, "experiment.py"), 0o744);
        assert.notEqual(hashOf(readBuildContext(folder, ".")), before);
    });

    test("hashes the same whatever its settings are", (context) => {
        const folder = temporaryFolder(context, EXPERIMENT);
        const before = hashOf(readBuildContext(folder, "."));
        put(folder, { "config.txt": "[Experiment]\ntitle = another\n" });
        assert.equal(hashOf(readBuildContext(folder, ".")), before);
    });
});
