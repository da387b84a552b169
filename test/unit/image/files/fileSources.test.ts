import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { readBuildContext } from "../../../../components/image/context/buildContext.ts";
import { contentDigest } from "../../../../components/image/files/contextFile.ts";
import { digestOf, EXPERIMENT, read, sortedPaths } from "../readExperiment.ts";
import { put, temporaryFolder } from "../temporaryFolder.ts";

suite("symbolic links", () => {
    test("become the file or the files that they lead to inside the folder", (context) => {
        const { files, problems } = read(context, {
            "real.txt": "content",
            "link.txt": { link: "real.txt" },
            "static/words/one.txt": "1",
            "static/words/two.txt": "2",
            words: { link: "static/words" },
            circle: { link: "." },
        });
        assert.deepEqual(problems, []);
        const paths = sortedPaths(files);
        assert.ok(paths.includes("link.txt") && paths.includes("words/one.txt") && paths.includes("words/two.txt"));
        assert.equal(digestOf(files, "link.txt"), contentDigest(Buffer.from("content")));
        assert.equal(digestOf(files, "words/two.txt"), digestOf(files, "static/words/two.txt"));
    });

    test("that leave the folder or lead nowhere are refused, each by name", (context) => {
        const outside = temporaryFolder(context, { "secret.txt": "secret" });
        const { problems } = read(context, {
            "a.txt": { link: join(outside, "secret.txt") },
            b: { link: outside },
            "c.txt": { link: "missing.txt" },
            d: { link: ".." },
        });
        assert.deepEqual(
            problems.map(({ path, message }) => `${path}: ${message}`),
            [
                "./a.txt: is a symbolic link that leaves the experiment's folder",
                "./b: is a symbolic link that leaves the experiment's folder",
                "./c.txt: is a symbolic link to nothing",
                "./d: is a symbolic link that leaves the experiment's folder",
            ],
        );
    });

    test("may be the experiment's folder itself", (context) => {
        const folder = temporaryFolder(context, { link: { link: "real" } });
        put(join(folder, "real"), EXPERIMENT);
        const { files, problems } = readBuildContext(folder, "link");
        assert.deepEqual([problems, sortedPaths(files)], [[], ["experiment.py", "requirements.txt"]]);
    });

    test("to a file of keys are refused under any name", (context) => {
        const { problems } = read(context, {
            "local_only/.env": "TOKEN=1",
            "settings.ini": { link: "local_only/.env" },
        });
        assert.deepEqual(
            problems.map(({ path }) => path),
            ["./settings.ini"],
        );
    });
});
