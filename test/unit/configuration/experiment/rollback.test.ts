import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { check, problemsOf } from "../rawConfiguration.ts";

const rollback = {
    release: "0123456789ab",
    image: `ghcr.io/lab/recall@sha256:${"0".repeat(64)}`,
    contentHash: "0123abcd",
    commit: "c0ffee",
    workers: 2,
    clock: true,
    settings: { mode: "live", recruiter: "hotair", title: "Yesterday" },
    secrets: ["prolific_api_token"],
};
const rollbackSecrets = { prolific_api_token: "of yesterday" };

suite("a stack that is rolled back", () => {
    test("runs the release's image with the release's settings, whatever the others say", () => {
        const settings = { mode: "debug", recruiter: "hotair", title: "Today", num_dynos_worker: 1 };
        const { configuration } = check({
            rollback,
            rollbackSecrets,
            settings,
            secrets: { smtp_password: "of today" },
        });
        const { image, contentHash, commit } = rollback;
        assert.deepEqual(configuration?.experiment?.image, { retained: image, contentHash, commit });
        assert.deepEqual(configuration?.settings?.environment, rollback.settings);
        assert.deepEqual(configuration?.settings?.secretEnvironment, rollbackSecrets);
        assert.deepEqual([configuration?.settings?.workers, configuration?.settings?.clock], [2, true]);
    });

    test("may run an image that only the server has", () => {
        const image = `sha256:${"0".repeat(64)}`;
        const { configuration } = check({ rollback: { ...rollback, image }, rollbackSecrets });
        assert.partialDeepStrictEqual(configuration?.experiment?.image, { retained: image });
    });

    test("is not held up by what is wrong with today's settings", () => {
        assert.deepEqual(problemsOf({ rollback, rollbackSecrets, settings: { nonsense: 1 } }), []);
    });

    test("has its other keys checked all the same", () => {
        const [problem = "", ...others] = problemsOf({ rollback, rollbackSecrets, experiment: { name: "A" } });
        assert.match(problem, /^dallinger:experiment\.name/);
        assert.notDeepEqual(others, []);
    });

    for (const [wrong, blocks] of Object.entries({
        "no map": { rollback: "yesterday" },
        "a tag in place of a digest": { rollback: { ...rollback, image: "ghcr.io/lab/recall:1" }, rollbackSecrets },
        "an unknown key": { rollback: { ...rollback, more: 1 }, rollbackSecrets },
        "a mode that Dallinger has not": { rollback: { ...rollback, settings: { mode: "x" } }, rollbackSecrets },
        "a secret that is missing": { rollback },
    })) {
        test(`is refused with one problem for ${wrong}, which tells the command that writes it`, () => {
            const { problems } = check(blocks);
            assert.deepEqual(
                problems.map(({ path }) => path),
                ["dallinger:rollback"],
            );
            assert.match(problems[0]?.fix ?? "", /^\.\/ops\/dallinger rollback/);
            assert.ok(!JSON.stringify(problems).includes("of yesterday"));
        });
    }
});
