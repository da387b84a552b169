import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { configurationFile } from "../../bench/ways/dockerSsh/configurationFile.ts";

suite("the config.txt that docker-ssh deploys", () => {
    const text = "[Experiment]\ntitle = A title\n# threads = 9\n\n[Server]\nthreads = 2\nclock_on=true\n";

    test("has each key once, with the value that it is to have, in the section that was last", () => {
        const expected =
            "[Experiment]\ntitle = A title\n# threads = 9\n\n[Server]\nclock_on=true\nthreads = 1\nrecruiter = hotair\n";
        assert.equal(configurationFile(text, { threads: "1", recruiter: "hotair" }), expected);
    });

    test("is what it was when it is changed back", () => {
        const changed = configurationFile(configurationFile(text, { threads: "1" }), { threads: "2" });
        assert.equal(changed, configurationFile(text, { threads: "2" }));
    });
});
