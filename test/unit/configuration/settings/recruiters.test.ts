import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { check, files, SETTINGS } from "../rawConfiguration.ts";

/** What is said of a stack with these settings, of which nothing is refused. */
function warnings(settings: object, configTxt?: string) {
    const readFile = files(configTxt === undefined ? {} : { "config.txt": configTxt });
    const checked = check({ settings: { ...SETTINGS, ...settings }, readFile });
    assert.deepEqual(checked.problems, []);
    assert.ok(checked.configuration?.settings);
    return checked.warnings;
}

suite("a recruiter by a nickname of the experiment's own", () => {
    for (const recruiter of ["generic", "lucid", "lab-recruiter", "hotiar"]) {
        test(`${recruiter} is deployed, and warned of, because it may be a slip`, () => {
            const [warning, ...others] = warnings({ mode: "debug", recruiter });
            assert.deepEqual(others, []);
            assert.equal(warning?.path, "dallinger:settings.recruiter");
            assert.match(
                warning.message,
                new RegExp(`^"${recruiter}" is none of Dallinger's recruiters.*, the launch fails$`),
            );
        });
    }

    test("is compared with Dallinger's, and the command that sets the nearest is named", () => {
        const [warning] = warnings({ mode: "debug", recruiter: "hotiar" });
        assert.match(warning?.message ?? "", /did you mean "hotair"\?/);
        assert.equal(warning?.fix, "pulumi config set --path 'dallinger:settings.recruiter' hotair");
        const [far] = warnings({ mode: "debug", recruiter: "lab-recruiter" });
        assert.doesNotMatch(JSON.stringify(far), /did you mean|fix/);
    });

    test("is warned of in mode live as one that pays", () => {
        assert.match(warnings({ recruiter: "generic" })[0]?.message ?? "", /mode is live, so make sure of the name/);
    });

    test("may stand in config.txt, as PsyNet's does, and among the recruiters of multi", () => {
        const { recruiter: _, ...settings } = SETTINGS;
        const readFile = files({ "config.txt": "[Parameters]\nrecruiter = generic" });
        const checked = check({ settings, readFile });
        assert.deepEqual([checked.problems, checked.configuration?.settings?.environment.recruiter], [[], "generic"]);
        assert.match(checked.warnings[0]?.path ?? "", /config\.txt: recruiter$/);
        const [warning, ...others] = warnings({ recruiter: "multi", recruiters: "bots: 5, mtruk: 1" });
        assert.deepEqual(others, []);
        assert.match(warning?.message ?? "", /^"mtruk" .* "mturk".* when those before it in the list have recruited/);
    });

    test("is warned of as debug_recruiter, and among the secrets without its name", () => {
        assert.match(warnings({ debug_recruiter: "bot" })[0]?.message ?? "", /did you mean "bots"/);
        const { recruiter: _, ...settings } = SETTINGS;
        const told = check({ settings, secrets: { recruiter: "hushed" } });
        assert.deepEqual(told.problems, []);
        assert.doesNotMatch(JSON.stringify(told.warnings), /hushed/);
        assert.equal(told.warnings.length, 1);
    });
});

test("nothing is said of Dallinger's own recruiters, nor of class names", () => {
    for (const recruiter of ["hotair", "MTurkRecruiter", "LucidRecruiter", "DevLucidRecruiter"]) {
        const secrets = { aws_access_key_id: "a", aws_secret_access_key: "b" };
        assert.deepEqual(check({ settings: { ...SETTINGS, recruiter }, secrets }).warnings, [], recruiter);
    }
    assert.deepEqual(warnings({ recruiters: "mtruk: 1" }), [], "Dallinger reads recruiters with multi alone");
});
